"""Checks for the tests of the Python clients, and the count of those that passed."""

from contextlib import contextmanager

passed = 0


def check(condition, what):
    """Counts a check that passes, and ends the run at the first that fails."""
    global passed
    if not condition:
        raise SystemExit(f"FAILED: {what}")
    passed += 1


@contextmanager
def refused(kind, status, word, details=None):
    """Checks that a call is refused with this exception and status, and with a parsed body of this error type."""
    try:
        yield
    except kind as error:
        check(type(error) is kind, f"{type(error).__name__} where {kind.__name__} was expected")
        check(error.status == status, f"status {error.status} where {status} was expected")
        if word is not None:
            check(error.data is not None, f"the body of a {status} was not parsed: {error.body}")
            check(error.data.status == status and error.data.success is False, f"body of a {status}: {error.body}")
            check(error.data.error.type == word, f"{error.data.error.type} where {word} was expected")
            check(bool(error.data.error.message), f"no sentence: {error.body}")
        if details is not None:
            details(error)
    else:
        check(False, f"nothing was refused where {kind.__name__} was expected")
