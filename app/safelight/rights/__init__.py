"""What people hold in their hands when they use their rights: receipts, letters, certificates, registers, files.

Values come in; pages (``domain/page_document``, drawn by ``receipt``), mail and files go out. It may import keys,
documents, images, settings and domain. It decides nothing, asks no archive and owns no library; what it needs drawn,
sealed or signed is handed in as bytes. The wording lies in ``resources/rights``: ``person`` in every language receipts
are worded in, ``office`` (recipients, authorities) in those of the desk.

Read ``withdrawal.py`` first (what somebody gets who took a yes back), then ``words.py`` and ``mail.py``.
"""
