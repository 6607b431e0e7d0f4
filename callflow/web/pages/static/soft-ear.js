// A limiter for one ear: what is loud becomes quieter, what is quiet stays as it is, and no word is changed. It works on
// what this browser plays, so nobody else hears it and no recording has it (Web Audio, DynamicsCompressorNode).
"use strict";
(() => {
  // A compressor makes everything louder by itself (Web Audio 1.19.2: "makeup gain"), which is taken back here.
  const SETTINGS = { threshold: -32, knee: 8, ratio: 16, attack: 0.002, release: 0.2 };
  const makeup = ({ threshold, knee, ratio }) => {
    const full = threshold + knee / 2 - (threshold + knee / 2) / ratio; // about the gain at 0 dB, as a loss
    return 10 ** ((full * 0.6) / 20);
  };

  // Connects `source` (an AudioNode) through the limiter to `target`. Returns the compressor.
  const limit = (context, source, target) => {
    const compressor = new DynamicsCompressorNode(context, SETTINGS);
    const back = new GainNode(context, { gain: makeup(SETTINGS) });
    source.connect(compressor).connect(back).connect(target);
    return compressor;
  };

  // Plays `stream` softly instead of `element` (which plays the same), until the returned function is called.
  const soften = (stream, element) => {
    const context = new AudioContext({ latencyHint: "interactive" });
    limit(context, context.createMediaStreamSource(stream), context.destination);
    context.resume();
    element.muted = true; // it must go on: without an element, Chromium gives a remote stream no sound
    return () => {
      element.muted = false;
      context.close();
    };
  };

  window.callflowEar = { limit, soften };
})();
