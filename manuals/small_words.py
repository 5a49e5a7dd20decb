"""Small words: those that are everywhere and tell little apart.

Words that turn a question round, or say what is wanted, are not among them: no, not, off, out, on, without, need; sin.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = _words("""
    a about all am an and any are as at be been but by can could did do does for from had has have he her here him
    his how i i'd i'll i'm i've if in into is it it's its just let like may me my of one or our she should so some
    than that that's the their them then there these they this those to too us was we were what what's when where
    which while who whom whose why will with would you you're your yours please hello hi thanks thank
""")
SPANISH = _words("""
    a al algo ante aquí cómo como con cual cuál cuando cuándo de del desde donde dónde el él ella ellos en entre era
    es esa ese eso esta está estaba estar este esto estos estoy favor fue gracias ha hace hacer han hasta hay he
    hola la las le les lo los me mi mis mucho muy necesito nos o para pero por porque puede puedo que qué quien
    quién quiero se señor señora ser si sí sobre son soy su sus también te tengo tiene tienen todo tu tus un una uno
    unos usted ustedes y ya yo
""")
ALL = ENGLISH | SPANISH
