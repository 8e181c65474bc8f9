/**
 * A link that has a file in its address: in JupyterLab, links that a notebook's widgets make of HTML lose it.
 *
 * @import { Model } from "../widgets/types.d.ts"
 */

/** @param {{ model: Model<{ address: string, file: string, text: string }>, el: HTMLElement }} place */
function render({ model, el }) {
  const link = document.createElement("a");
  Object.assign(link, { href: model.get("address"), download: model.get("file"), textContent: model.get("text") });
  el.replaceChildren(link);
}

export default { render };
