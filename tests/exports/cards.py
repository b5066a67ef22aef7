"""Lesson cards of the village, as sheets for the press: in Hebrew, in English, short and far too long."""

from __future__ import annotations

from dataclasses import fields, replace

from exports.sheet import CardSheet, CardWords

HEBREW_WORDS = CardWords(
    lesson="לקח",
    edition="גרסה",
    meanwhile="בינתיים:",
    applies_when="מתי זה רלוונטי",
    steps="מה עושים",
    say="מה אומרים ללקוח",
    avoid="ממה נמנעים",
    limits="מה בסמכותך ולמי מעבירים",
    exceptions="מתי זה לא חל",
    what_happened="מה קרה",
    why="למה זה קרה",
    what_changed="מה השתנה",
    how_we_know="איך יודעים שזה עובד",
    source="מקור",
    owner="באחריות",
    valid_until="בתוקף עד",
    card_edition="גרסת הכרטיס",
    printed="הודפס",
    seal="חותם",
    scan="עותק מודפס. לפני שימוש כדאי לסרוק ולוודא תוקף",
)
ENGLISH_WORDS = CardWords(
    lesson="Lesson",
    edition="edition",
    meanwhile="Meanwhile:",
    applies_when="When it applies",
    steps="What we do",
    say="What we say",
    avoid="What we avoid",
    limits="Your limit, and whom to pass it to",
    exceptions="When it does not apply",
    what_happened="What happened",
    why="Why it happened",
    what_changed="What changed",
    how_we_know="How we know it works",
    source="Source",
    owner="Owner",
    valid_until="Valid until",
    card_edition="Card edition",
    printed="Printed",
    seal="Seal",
    scan="A printed copy. Before use, scan it to see whether it still holds",
)
SAMPLE_SUMS = "סכומים לדוגמה; אינם ייעוץ ואינם תיאור של הדין."

HEBREW = CardSheet(
    lang="he",
    text_lang="he",
    words=HEBREW_WORDS,
    direction="do",
    direction_word="לעשות",
    state_shape="again",
    state_word="בבדיקה מחדש",
    units=("מוקד שימור", "מוקד שירות"),
    code="L-0031",
    edition="3",
    edition_date="8.11.2026",
    title="בכל החזרת ציוד סורקים את הברקוד ומקריאים ללקוח את מספר האישור, לפני שנפרדים",
    short="7K4P",
    url="https://lessons.example.org/c/7K4P",
    meanwhile="לא סוגרים פנייה לפני שמספר האישור מופיע ברשומת הלקוח.",
    applies_when="לקוח מחזיר ממיר או נתב, או שואל למה חויב על ציוד שכבר החזיר.",
    steps=(
        "פותחים «החזרת ציוד» ברשומת הלקוח וסורקים את הברקוד שבגב המכשיר.",
        "ממתינים למספר האישור ומקריאים אותו. הוא נשלח גם במסרון.",
        "כבר חויב? מזכים לפי כרטיס «חיוב שגוי», באותה שיחה.",
    ),
    say="«המכשיר נקלט אצלנו. מספר האישור הוא 4417-2093, והוא כבר בדרך אליך במסרון. בחשבון הבא לא יופיע חיוב על הממיר.»",
    avoid="«נרשם, יהיה בסדר», בלי מספר אישור.\nהערה חופשית במקום סריקה.",
    limits_table=(
        ("", "נציג", "ראש צוות, אחמ״ש", "מנהל מוקד", "מעבר לכך"),
        ("חיוב שגוי", "החזר מלא + 20 ₪", "+ 60 ₪", "+ 150 ₪", "כספים"),
    ),
    transfer_to="העברה חמה לאחמ״ש, ונשארים על הקו עד שיש מענה.",
    fine_print=f"תקרה ללקוח 450 ₪ בשנה, לפני מע״מ. {SAMPLE_SUMS}",
    what_happened="לקוחות החזירו ממיר, קיבלו «תודה, נרשם», ובחשבון הבא חויבו עליו כאילו לא הוחזר.",
    why="ההחזרה נכתבה בהערה חופשית, ומערכת החיוב אינה קוראת הערות.",
    what_changed="מ־8.11.2026 הסריקה היא ההחזרה (נוהל החזרת ציוד P-0003, מהדורה 2).",
    how_we_know="פניות על ציוד שהוחזר וחויב, ב־30 יום: לפני 14 · אחרי תזכורת לנציגים 12 · היעד עד 2.",
    source="תחקיר D-2026-0011",
    owner="אחמ״ש ערב, מוקד שימור",
    valid_until="31.5.2027",
    printed_on="23.11.2026",
    seal="9f2c41d7a0b35e68",
)
ENGLISH_LABELS = replace(
    HEBREW,
    lang="en",
    words=ENGLISH_WORDS,
    direction_word="Do",
    state_word="Under re-examination",
    units=("Retention centre", "Service centre"),
    source="Debrief D-2026-0011",
    owner="Evening shift lead, Retention",
)
ENGLISH = replace(
    ENGLISH_LABELS,
    text_lang="en",
    title="Scan the barcode on every return and read the confirmation number to the customer before saying goodbye",
    meanwhile="No contact is closed before the confirmation number stands in the customer’s record.",
    applies_when="A customer returns a set-top box or a router, or asks about a charge for equipment already returned.",
    steps=(
        "Open “Equipment return” in the customer’s record and scan the barcode on the back of the device.",
        "Wait for the confirmation number and read it out. It is also sent by text message.",
        "Already charged? Credit it by the card “Wrong charge”, in the same call.",
    ),
    say="“The device is registered. Your confirmation number is 4417-2093, and you will get it by text message.”",
    avoid="“It’s noted, it will be fine”, without a confirmation number.\nA free note instead of a scan.",
    limits_table=(
        ("", "Agent", "Team or shift lead", "Centre manager", "Beyond"),
        ("Wrong charge", "Full refund + ₪20", "+ ₪60", "+ ₪150", "Finance"),
    ),
    transfer_to="Warm transfer to the shift lead; stay on the line until someone answers.",
    fine_print="Ceiling per customer ₪450 a year, before VAT. Sample sums; neither advice nor a statement of the law.",
    what_happened="Customers returned a box, heard “thank you, noted”, and were charged for it on the next bill.",
    why="The return was written as a free note, and the billing system reads no notes.",
    what_changed="Since 8.11.2026 the scan is the return (procedure P-0003, revision 2).",
    how_we_know="Contacts about returned equipment in 30 days: before 14 · after a reminder 12 · target up to 2.",
)
EMPTY = {field.name: field.default for field in fields(CardSheet) if field.default in ("", ())}
SHORT = replace(
    HEBREW,
    **EMPTY,
    direction="keep",
    direction_word="להמשיך כך",
    state_shape="open",
    state_word="חדש – עוד לא נבדק",
    title="לפני סיום השיחה חוזרים על מה שסוכם",
)
A_LINE = "לקוח שהחזיר ציוד ונשאל על חיוב מקבל תשובה אחת, ברורה ומדויקת, באותה שיחה, עם מספר אישור שאפשר לבדוק."
LONG = replace(
    HEBREW,
    steps=(A_LINE,) * 8,
    say=" ".join([A_LINE] * 3),
    avoid="\n".join([A_LINE] * 3),
    exceptions=A_LINE,
)
LONG_HISTORY = replace(HEBREW, what_happened=" ".join([A_LINE] * 20), why=" ".join([A_LINE] * 20))
TOO_LONG = replace(LONG, avoid="\n".join([A_LINE] * 40))
ALL = {
    "hebrew": HEBREW,
    "english": ENGLISH,
    "english labels": ENGLISH_LABELS,
    "short": SHORT,
    "long": LONG,
    "long history": LONG_HISTORY,
}
