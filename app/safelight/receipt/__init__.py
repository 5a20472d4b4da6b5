"""Everything on paper, drawn as PDF/A-3b: the receipt, signed as PAdES, the person's proof; forms, cards, letters.

It may import keys, documents, settings and domain, and it is the only room that touches reportlab, pikepdf, pyhanko,
uharfbuzz and bidi. It holds no wording: every sentence a person reads lies in ``resources/texts`` and, for cards and
recovery sheets, in ``resources/sheets``. Names and other people's words are data: nothing here ever parses markup.

Read ``page.py`` first (what a receipt says), then ``issue.py`` (``render_receipt``, ``sign_receipt``,
``verify_receipt``, ``attached_record``), then ``story.py`` (how it is told). ``cards.py`` and ``recovery_sheets.py``
are what is printed before a shoot; ``page_documents.py`` draws what other rooms word (``domain/page_document``).
"""
