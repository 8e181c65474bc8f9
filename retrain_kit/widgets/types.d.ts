/** What a widget asks of its model: in a notebook anywidget's, on a page without a kernel one of the kit's own. */
export interface Model<Traits extends object, Heard = never, Said = never> {
  get<Name extends keyof Traits & string>(name: Name): Traits[Name];
  set<Name extends keyof Traits & string>(name: Name, value: Traits[Name]): void;
  on(name: `change:${keyof Traits & string}`, handler: () => void): void;
  on(name: "msg:custom", handler: (message: Heard, buffers: DataView[]) => void): void;
  off(name: `change:${keyof Traits & string}`, handler: () => void): void;
  off(name: "msg:custom", handler: (message: Heard, buffers: DataView[]) => void): void;
  send(message: Said): void;
  save_changes(): void;
}
