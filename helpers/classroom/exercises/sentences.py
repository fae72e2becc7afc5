"""What a learner is told of an answer that is a value. Notebooks say it with `checking.py`, and the
pages of the web site with a script, which gets this file's sentences and the exercise's own."""

SENTENCES = {
    "right": "Right. {reason}",
    "wrong": "Not yet. {hint}",
    "open": "No answer yet: put yours in place of the three dots, and run the cell again.",
    "enough": " (Try once more. Then look below this cell: there is the solution, or who has it.)",
    # the letters, parts and digits of an answer that is nearly right
    "letters": "The letters are right. Write them as one word, without blanks, commas or brackets.",
    "order": "The parts are right, but not their order.",
    "rounded": "Right so far, but rounded too much: give more digits.",
    # another form than the asked one
    "no_word": "The answer is a word, in quotation marks.",
    "no_number": "Numbers are asked for: they stand without quotation marks.",
    "no_row": "The answer has {asked} parts, in brackets, with commas between them.",
    "parts": "{asked} parts are asked for, and yours has {given}.",
    "length": "{asked} letters are asked for, and yours has {given}.",
    "places": "{there} of the {asked} letters stand where they should.",
    # arrays
    "dtype": "The numbers are right, but they are {given}, and {asked} is asked for.",
    "not_single": "{what} has the shape {has}, and a single number is asked for.",
    "single": "{what} is a single number, and the shape {asked} is asked for.",
    "shape": "{what} has the shape {has}, and {asked} is asked for.",
    "numbers": "{count} of its {size} numbers are wrong. The first, at {place}{made_of}, is "
    "{given}, and {asked} is right.",
}
IN_A_PAGE = {  # there is no cell that could be run, and Python itself says nothing
    "open": "No answer yet: put yours in place of the three dots, and press Check.",
    "enough": " (Try once more. Then look below: there is the solution.)",
    "unread": "Python can't read this: look at the brackets, the commas and the quotation marks.",
    "too_much": "This page reads numbers, words, brackets and + - * / ** only: type the result "
    "itself, or open the lesson in Jupyter.",
}
