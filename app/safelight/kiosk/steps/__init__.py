"""One file per step of the ceremony: what is painted, and which wish each touch is. Nothing here decides.

Each view shows a ``StepState`` and answers with wishes of ``asking.wishes``; wording comes from ``settings.texts``
alone. May import ``asking``, ``domain``, ``settings``, ``qt`` and, of the kiosk, ``view`` and ``pad`` only. Read
``uses.py`` first, then ``page.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from safelight.domain.ceremony import Step
from safelight.kiosk.view import StepView

from .cards import CardsView
from .language import LanguageView
from .photos import PhotosView
from .questions import QuestionsView
from .receipt import ReceiptView
from .review import ReviewView
from .signature import SignatureView
from .term import TermView
from .uses import UsesView

VIEWS: Mapping[Step, type[StepView]] = {
    Step.LANGUAGE: LanguageView,
    Step.NOTICE: CardsView,
    Step.PHOTOS: PhotosView,
    Step.USES: UsesView,
    Step.TERM: TermView,
    Step.QUESTIONS: QuestionsView,
    Step.REVIEW: ReviewView,
    Step.SIGNATURE: SignatureView,
    Step.RECEIPT: ReceiptView,
}
"""The view of each step; a new one is made whenever a step is entered."""
