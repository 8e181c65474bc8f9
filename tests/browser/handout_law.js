/** The sessions of a handout, as a test speaks to them: `obey` does acts in a person's name and returns what came of it. */

import { ConversationHandout } from "../../retrain_kit/exercises/conversation/handout.js";
import { DescriptionsHandout } from "../../retrain_kit/exercises/living_with_images/handout.js";
import { ReturnsHandout } from "../../retrain_kit/exercises/living_with_images/returns/handout.js";
import { PolyphonyHandout } from "../../retrain_kit/exercises/polyphony/handout.js";
import { RecodingArtHandout } from "../../retrain_kit/exercises/recoding_art/handout.js";
import { SurfacesHandout } from "../../retrain_kit/exercises/surfaces/handout.js";
import { WhatIfHandout } from "../../retrain_kit/exercises/what_if/handout.js";
import { OwnAnswers } from "../../retrain_kit/classroom/handout/own_answers.js";
import { Author, digestOf } from "../../retrain_kit/classroom/static/author.js";

const KINDS = {
  "what-if": WhatIfHandout,
  polyphony: PolyphonyHandout,
  "informational-surfaces": SurfacesHandout,
  "recoding-art": RecodingArtHandout,
  conversation: ConversationHandout,
  "living-with-images": DescriptionsHandout,
  "living-with-images-return": ReturnsHandout,
};

globalThis.obey = async ({ study, key, exercises, acts }) => {
  const own = new OwnAnswers(await Author.of(key));
  const number = Number.parseInt((await digestOf(own.who)).slice(0, 12), 16);
  const sessions = exercises.map((exercise) => new KINDS[exercise.name]({ ...exercise, study, number }, own));
  const pages = [];
  for (const { exercise, ...act } of acts) pages.push(await sessions[exercise].answer(act));
  return { text: own.text, pages };
};
