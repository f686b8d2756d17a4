"""What requests get before they are sent."""

import os

import schemathesis

NAME = "X-Org-ID"


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Names the caller's own organization where a request is to be right: only that one is accepted, and no schema can say
    so. Requests that are to be wrong stay as they are."""
    if NAME in case.headers and case.meta is not None and case.meta.generation.mode.is_positive:
        case.headers[NAME] = os.environ["KEYSTEAD_ORGANIZATION"]
