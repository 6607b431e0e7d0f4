// What the telephones sound like: every piece at its second of the emulator's clock, each person on their side, and no
// more of it once the emulator says so. A telephone has no lows and no highs, so neither does this.
"use strict";

const LAG = 0.3; // seconds: what is heard is so much later than what is shown, so that nothing comes too late
const FADE = 0.015;
const PAN = { left: -0.85, centre: 0, right: 0.85 };
const LOUD = { say: 0.1, play: 0.1, speech: 0.12, music: 0.05 }; // root mean square that each kind is brought to
const MOST_GAIN = 6;
const KEYS = "123456789*0#";
const LOW = [697, 770, 852, 941], HIGH = [1209, 1336, 1477];

export class Sound {
  constructor() {
    this.context = null;
    this.pieces = new Map(); // id -> what is playing, or will
    this.over = new Set(); // ids of those that were played to their end
    this.files = new Map(); // address -> promise of samples
    this.rings = new Map(); // telephone -> what stops it
    this.log = []; // of what was played, for tests: {id, phone, kind, side, text, start, begun, until}
    this.offsets = [];
    this.speed = 1;
  }

  get on() { return Boolean(this.context) && this.context.state === "running"; }

  // To be called from a click: browsers play nothing before one.
  async start() {
    if (!this.context) this.build();
    await this.context.resume();
  }

  async stop() {
    if (this.context) await this.context.suspend();
  }

  build() {
    const context = this.context = new AudioContext();
    const node = (type, settings) => Object.assign(context.createBiquadFilter(), { type }, settings);
    this.input = context.createGain();
    const high = node("highpass"), low = node("lowpass"), limit = context.createDynamicsCompressor();
    high.frequency.value = 300;
    low.frequency.value = 3400;
    const ears = context.createChannelSplitter(2);
    this.input.connect(high).connect(low).connect(limit).connect(context.destination);
    limit.connect(ears);
    this.analysers = [0, 1].map((ear) => {
      const analyser = context.createAnalyser();
      analyser.fftSize = 1024;
      ears.connect(analyser, ear);
      return analyser;
    });
  }

  // How loud each ear is now, 0 to 1.
  levels() {
    if (!this.on) return [0, 0];
    return this.analysers.map((analyser) => {
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    });
  }

  // The emulator's clock showed `now` when it answered. The quickest answers of the last seconds are the truest.
  clock(now, speed) {
    if (speed !== this.speed) this.offsets = [];
    this.speed = speed;
    const here = performance.now() / 1000;
    this.offsets = [...this.offsets.filter((one) => here - one.here < 5), { here, offset: here - now }];
    if (speed !== 1) this.silence();
  }

  get offset() { return Math.min(...this.offsets.map((one) => one.offset)); }

  // The emulator's seconds now.
  now() { return this.offsets.length ? performance.now() / 1000 - this.offset : 0; }

  // The second of the audio context at which the emulator's `second` is heard.
  when(second) { return this.context.currentTime + (second - this.now()) + LAG; }

  // A sound of the emulator: {id, phone, side, kind, text, sound, seconds, start, end}. Called again when it has ended.
  async hear(piece) {
    const known = this.pieces.get(piece.id);
    if (known) {
      known.end = piece.end;
      this.cut(known);
      return;
    }
    if (!this.on || this.speed !== 1 || this.over.has(piece.id)) return;
    const late = this.now() - piece.start;
    if ((piece.end !== null && piece.end < this.now() - LAG) || late > Math.max(60, piece.seconds)) return;
    const playing = { ...piece, source: null, gain: null };
    this.pieces.set(piece.id, playing);
    if (piece.kind === "ringing") return this.begin(playing, this.tone([440, 480], 2, 6), 0.6, true);
    if (piece.kind === "beep") return this.begin(playing, this.tone([1000], 0.3, 0.3), 0.5);
    if (piece.kind === "tone") return this.begin(playing, this.digits(piece.text), 0.5);
    if (piece.kind === "music") return this.begin(playing, this.tone([392, 330], 0.8, 3), 0.3, true);
    if (!piece.sound) return this.speak(playing);
    const buffer = await this.file(piece.sound);
    if (buffer) this.begin(playing, buffer, this.gainOf(buffer, piece));
  }

  file(address) {
    if (!this.files.has(address)) {
      this.files.set(address, fetch(address)
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(answer.status)))
        .then((bytes) => this.context.decodeAudioData(bytes))
        .catch(() => { this.files.delete(address); return null; }));
    }
    return this.files.get(address);
  }

  gainOf(buffer, piece) {
    const samples = buffer.getChannelData(0);
    let sum = 0, count = 0;
    for (let at = 0; at < samples.length; at += 4) {
      if (Math.abs(samples[at]) > 0.01) { sum += samples[at] ** 2; count += 1; }
    }
    const kind = piece.text === "(music)" ? "music" : piece.kind;
    return count ? Math.min(MOST_GAIN, (LOUD[kind] || 0.1) / Math.sqrt(sum / count)) : 1;
  }

  begin(playing, buffer, gain, loop = false) {
    const { context } = this, source = context.createBufferSource();
    const when = this.when(playing.start), late = Math.max(0, context.currentTime - when);
    // A synthetic voice is not quite as long as the emulator says: a little faster or slower is not noticed.
    const rate = playing.seconds && !loop && playing.kind !== "play" ? buffer.duration / playing.seconds : 1;
    source.buffer = buffer;
    source.loop = loop;
    source.playbackRate.value = Math.min(1.25, Math.max(0.85, rate));
    if (!loop && late * source.playbackRate.value >= buffer.duration) return;
    playing.gain = context.createGain();
    playing.gain.gain.value = gain;
    const pan = context.createStereoPanner();
    pan.pan.value = PAN[playing.side] || 0;
    source.connect(playing.gain).connect(pan).connect(this.input);
    source.start(Math.max(when, context.currentTime), loop ? 0 : late * source.playbackRate.value);
    playing.source = source;
    const entry = { id: playing.id, phone: playing.phone, kind: playing.kind, side: playing.side, text: playing.text,
                    start: playing.start, begun: playing.start + late, until: null };
    playing.entry = entry;
    this.log.push(entry);
    source.onended = () => {
      entry.until ??= this.now() - LAG;
      this.pieces.delete(playing.id);
      this.over.add(playing.id);
    };
    this.cut(playing);
  }

  // End a piece at the second at which the emulator ended it.
  cut(playing) {
    if (playing.end === null || playing.end === undefined) return;
    if (playing.spoken) speechSynthesis.cancel();
    if (!playing.source) return;
    const at = Math.max(this.context.currentTime, this.when(playing.end));
    playing.entry.until ??= playing.end;
    playing.gain.gain.setTargetAtTime(0, at, FADE / 3);
    playing.source.stop(at + FADE);
  }

  // Without a file: the browser's own voice, if it has one. The caption is there in any case.
  speak(playing) {
    const voices = window.speechSynthesis ? speechSynthesis.getVoices() : [];
    if (!["say", "speech"].includes(playing.kind) || !voices.length) return;
    playing.spoken = true;
    speechSynthesis.speak(new SpeechSynthesisUtterance(playing.text));
  }

  // -- sounds that are made here

  tone(hertz, sounds, every) {
    const { context } = this, rate = context.sampleRate, buffer = context.createBuffer(1, Math.ceil(every * rate), rate);
    const samples = buffer.getChannelData(0), count = Math.min(samples.length, sounds * rate);
    for (let at = 0; at < count; at += 1) {
      const fade = Math.min(1, at / (0.01 * rate), (count - at) / (0.01 * rate));
      samples[at] = hertz.reduce((sum, one) => sum + Math.sin(2 * Math.PI * one * at / rate), 0) / hertz.length * fade * 0.3;
    }
    return buffer;
  }

  digits(keys) {
    const place = Math.max(0, KEYS.indexOf(keys[0]));
    return this.tone([LOW[Math.floor(place / 3)], HIGH[place % 3]], 0.12, 0.12);
  }

  // A key that is pressed here, or by somebody who is played.
  key(key, side, second = null) {
    if (!this.on) return;
    const piece = { id: `key ${this.log.length}`, phone: "", side, kind: "key", text: key, seconds: 0.12, end: null,
                    start: second ?? this.now() - LAG };
    this.begin(piece, this.digits(key), 0.5);
  }

  // A telephone rings, or no longer does.
  ring(phone, side, rings) {
    const ringing = this.rings.get(phone);
    if (rings && !ringing && this.on && this.speed === 1) {
      const piece = { id: `ring ${phone} ${this.log.length}`, phone, side, kind: "ring", text: "", seconds: 0, end: null,
                      start: this.now() - LAG };
      this.rings.set(phone, piece);
      this.pieces.set(piece.id, piece);
      this.begin(piece, this.bell(), 0.7, true);
    } else if (!rings && ringing) {
      this.rings.delete(phone);
      ringing.end = this.now() - LAG;
      this.cut(ringing);
    }
  }

  bell() {
    const { context } = this, rate = context.sampleRate, buffer = context.createBuffer(1, 2 * rate, rate);
    const samples = buffer.getChannelData(0);
    for (let at = 0; at < 0.9 * rate; at += 1) {
      const second = at / rate, warble = Math.floor(second * 22) % 2 ? 1250 : 1000;
      const fade = Math.min(1, second / 0.01, (0.9 - second) / 0.05);
      samples[at] = Math.sin(2 * Math.PI * warble * second) * fade * 0.3;
    }
    return buffer;
  }

  // Another emulator is shown, with another clock.
  another() {
    this.silence();
    this.over.clear();
    this.offsets = [];
  }

  silence() {
    for (const playing of this.pieces.values()) {
      playing.end = this.now() - LAG;
      this.cut(playing);
    }
    this.pieces.clear();
    this.rings.clear();
  }
}
