"""What is said to measure recognition: answers, words that sound like one, and sentences."""

YES = ("yes", "yes please", "yeah", "yeah sure", "sure", "okay", "okay go ahead", "that is fine", "yes of course",
       "yes go ahead", "okay thank you", "sure that is fine")  # fmt: skip
NO = ("no", "nope", "no thank you", "no do not", "not now no", "do not do that", "nope not today")
NEITHER = ("what", "maybe", "hello", "who is this", "I want a refund", "go away", "yesterday", "I guess",
           "can you repeat that", "just a second", "yes but make it quick", "sure you will like last time",
           "yes but", "guess", "know", "now", "less", "chess", "not yet", "I know", "who knows", "now what", "unless",
           "yesterday evening", "it was yesterday", "okay but hurry up", "yes or no", "of course not")  # fmt: skip
SENTENCES = (
    "thank you for holding you are back with us now",
    "we still want to help but we cannot continue while you are shouting at our team",
    "please call me back tomorrow morning about the bill for my apartment",
    "the engineer did not come last week and nobody told me why",
    "my name is peter and i have been a customer for ten years",
    "i would like to speak to your manager about the delivery",
    "after the tone please say your name your number and how we can help",
    "if it goes on we will end this call",
)
OURS = (
    "for anything else stay on the line and a person will answer",
    "we are finding a person for you now",
    "nobody can take your call right now and we are sorry",
    "after the tone please say your name your number and how we can help",
    "thank you we have your message",
    "that is fine we will not put you on hold",
    "i did not hear an answer so we will not put you on hold",
    "this has taken longer than we promised and we are sorry",
    "thank you for holding",
    "that is fine you stay together",
    "i did not hear an answer so nothing changes",
    "nobody with more authority is free at this moment and we are sorry",
    "please type the number we should call with its country code",
    "then press the hash key",
)
"""The first 14 sentences of the first scripts/en.yaml (2026-11-23) without a number, a name, or a word to fill in."""
EIGHTH_NO = "no I do not want that"
SETS = {
    "all": (*YES, *NO, *NEITHER, *SENTENCES),
    "trial": (*YES[:10], *NO, EIGHTH_NO, *NEITHER[:8], *OURS),
}
"""``trial``: of the kinds and numbers of the first trial (10 yes, 8 no, 8 neither, 14 sentences), whose texts were not
kept: the first of each kind, before those that sound like a yes."""
