"""Debriefs 11 and 14: billed for a converter that was returned. A reminder did not help; now the scan is the return."""

from collections.abc import Iterator

from lessons.demo.cast import ALEXEI, AVI, DANA, HILA, ILAN, NAOMI, OMER, RANA, RUTH, SHIRA, YOSSI
from lessons.demo.story import Of, Step, add, ago, ahead, at, create, match, read, step

BEFORE = (82, 81, 80, 79, 78, 77, 75, 74, 72, 71, 69, 68, 66, 65)
AFTER_THE_REMINDER = (62, 61, 60, 59, 58, 57, 56, 54, 53, 52, 50, 48)
TOLD = (
    "החזרתי ממיר בדוכן, ובחשבון מופיע חיוב על ציוד שלא הוחזר.",
    "שליח אסף את הנתב, ועדיין מחייבים אותי עליו.",
    "אמרו לי «תודה, נרשם», והחיוב הגיע בכל זאת.",
)


def from_the_report() -> Iterator[Step]:
    """The contacts that the verifier counted: Rana enters them once the reminder turned out not to help."""
    for n, day in enumerate((*BEFORE, *AFTER_THE_REMINDER)):
        yield create(37, "08:10", RANA, "cases", f"c11.r{n}", external_id=f"CRM-8{8120 + 37 * n}", channel="phone",
                     category="חיוב/ציוד", text=TOLD[n % 3], unit="SRV", opened_at=at(day, "11:30"))  # fmt: skip
        yield match(37, "08:20", RANA, f"c11.r{n}", "L11")


STORY = (
    create(
        78, "21:15", YOSSI, "debriefs", "d11",
        kind="failure",
        title="לקוחות חויבו על ממיר שהחזירו",
        what_happened="לקוחה החזירה ממיר בדוכן, קיבלה «תודה, נרשם», ובחשבון הבא חויבה עליו ב־290 שקלים. "
        "זו השיחה הרביעית כזו במשמרת אחת, ובכל הארבע ההחזרה כתובה אצלנו בהערה.",
        happened_on=ago(79),
    ),
    step(77, "09:00", NAOMI, "d11", "open",
         leader=DANA, severity=3, path="full", reviewer=ILAN,
         questions="איפה נרשמת ההחזרה, ומי קורא את הרישום?\nמתי הלקוח יודע בוודאות שהמכשיר נקלט?"),
    step(75, "10:30", DANA, "d11", "edit",
         participants=[SHIRA],
         expected="מכשיר שהוחזר יורד מהחשבון, והלקוח מקבל אישור עוד לפני שנפרדים.",
         actual="ההחזרה נרשמה בהערה חופשית. מערכת החיוב אינה קוראת הערות, והלקוח חויב כאילו המכשיר אצלו.",
         elsewhere="החזרת נתב ומגדיל טווח, ומכשיר חלופי שניתן במעבדת הביטוח."),
    add(75, "10:45", DANA, "d11", "facts",
        at=at(79, "12:20"), text="לקוחה החזירה ממיר בדוכן. נרשמה הערה: «הוחזר ממיר, תקין».", source="רשומת לקוח"),
    add(75, "10:50", DANA, "d11", "facts",
        at=at(78, "07:00"), text="החשבון יצא עם חיוב של 290 שקלים על ציוד שלא הוחזר.", source="חשבונית"),
    add(75, "11:00", DANA, "d11", "facts",
        at=at(76, "16:00"), text="ב־30 הימים האחרונים נרשמו 14 פניות על ציוד שהוחזר וחויב.", source="דוח פניות"),
    add(74, "12:00", DANA, "d11", "findings", made="d11.f1",
        text="ההחזרה נכתבת בהערה חופשית, ולכן אף מערכת אינה יודעת עליה.", direction="improve"),
    add(74, "12:10", DANA, "d11.f1", "causes", made="d11.c1",
        text="אין בעמדה צעד של קליטת ציוד: ההחזרה היא טקסט, לא פעולה.", kind="system", root=True),
    add(74, "12:16", DANA, "d11.f1", "causes",
        text="השליח מוסר מכשירים פעם ביום, אחרי שהחיוב כבר נסגר.", kind="technical"),
    add(74, "12:22", DANA, "d11.f1", "causes",
        text="הנוהל אומר «לתעד החזרה», ותיעוד הובן כהערה.", kind="information"),
    add(
        73, "15:00", DANA, "d11", "lessons", made="L11",
        finding=Of("d11.f1"),
        title="בכל החזרת ציוד רושמים את ההחזרה בהערה ומעדכנים את צוות החיוב",
        direction="do",
        applies_when="לקוח מחזיר ממיר או נתב, או שואל למה חויב על ציוד שכבר החזיר.",
        topics=["החזרת ציוד", "חיוב", "ממיר"],
        why="מערכת החיוב אינה יודעת על מכשיר שהוחזר עד שמישהו אומר לה.",
        steps=[
            "רושמים בהערה את סוג המכשיר ואת המספר הסידורי.",
            "שולחים לצוות החיוב את מספר הלקוח, באותה משמרת.",
            "כבר חויב? מזכים לפי כרטיס «חיוב שגוי», באותה שיחה.",
        ],
        say="«המכשיר אצלנו, ועדכנתי את החיוב. אם בכל זאת יופיע חיוב, נתקן אותו מיד.»",
        avoid_saying="«נרשם, יהיה בסדר.»",
        limits="חיוב שגוי: החזר מלא ועוד 20 שקלים בסמכות נציג. סכומים לדוגמה; אינם ייעוץ ואינם תיאור של הדין.",
        transfer_to="אחמ\"ש, בהעברה חמה.",
        background="לקוחות החזירו ממיר, קיבלו «תודה, נרשם», ובחשבון הבא חויבו עליו כאילו לא הוחזר.",
    ),
    step(72, "10:00", DANA, "d11", "submit"),
    step(71, "11:40", ILAN, "d11", "issue"),
    # ── the first cycle: a reminder
    step(70, "09:10", NAOMI, "L11", "accept",
         owner=YOSSI, audience={"units": ["RET", "SRV"], "roles": ["agent"]}, level=1,
         briefing={"share": 0.9}),
    add(70, "15:20", YOSSI, "L11", "verifications", made="V11.1",
        preset="before_after", measure="פניות ב־30 יום על ציוד שהוחזר וחויב",
        baseline=14, target=2, watch_days=30, verifier=RUTH),
    add(70, "15:30", YOSSI, "L11", "actions", made="A11.reminder",
        text="תזכורת בעמדת הנציג: «הוחזר ציוד? לעדכן את החיוב»",
        done_when="התזכורת מוצגת בכל רשומה שבה נפתחה פניית החזרה",
        kind="corrective", owner=HILA, due_on=ago(62), covers=[Of("d11.c1")]),
    step(69, "09:30", YOSSI, "L11", "start"),
    read(69, "L11.briefing", people=58, days=4),
    step(68, "11:00", HILA, "A11.reminder", "start"),
    step(64, "12:30", HILA, "A11.reminder", "report_done",
         evidence={"kind": "link", "url": "https://files.tsiporen.example/desk/reminder-return"}),
    step(63, "16:45", YOSSI, "A11.reminder", "confirm"),
    step(38, "10:00", RUTH, "V11.1", "conclude",
         result="not_effective", measured=12, sample=61,
         words="12 פניות ב־30 יום, אחרי 14. התזכורת נקראה, אבל בעומס מדלגים עליה. צריך צעד שאי אפשר בלעדיו.",
         evidence="דוח פניות, 30 יום מתום ההטמעה",
         meanwhile="לא סוגרים פנייה לפני שמספר האישור מופיע ברשומת הלקוח."),
    # ── a second customer's story came in meanwhile
    create(
        52, "18:30", SHIRA, "debriefs", "d14",
        kind="failure",
        title="חיוב על נתב שנאסף בידי שליח",
        what_happened="לקוח חויב על נתב ששליח אסף ממנו לפני שלושה שבועות. אצלנו כתוב «נאסף», ובחיוב כתוב «לא הוחזר».",
        happened_on=ago(53),
    ),
    step(51, "09:20", NAOMI, "d14", "merge", target=Of("d11"),
         reason="אותו אירוע: החזרה שנכתבה בהערה ולא הגיעה לחיוב. הדיווח מוסיף את דרך השליח."),
    # ── the second cycle: the scan is the return
    add(36, "12:00", YOSSI, "L11", "verifications", made="V11.2",
        preset="before_after", measure="פניות ב־30 יום על ציוד שהוחזר וחויב",
        baseline=12, target=2, watch_days=30, verifier=RUTH),
    step(35, "17:10", NAOMI, "L11", "edit",
         title="בכל החזרת ציוד סורקים את הברקוד ומקריאים ללקוח את מספר האישור, לפני שנפרדים",
         why="ההחזרה נכתבה בהערה חופשית, ומערכת החיוב אינה קוראת הערות.",
         steps=[
             "פותחים «החזרת ציוד» ברשומת הלקוח וסורקים את הברקוד שבגב המכשיר.",
             "ממתינים למספר האישור ומקריאים אותו. הוא נשלח גם במסרון.",
             "אין קורא ברקוד בעמדה? סורקים בטלפון, ולא סוגרים פנייה לפני שמספר האישור מופיע ברשומת הלקוח.",
             "כבר חויב? מזכים לפי כרטיס «חיוב שגוי», באותה שיחה.",
         ],
         say="«המכשיר נקלט אצלנו. מספר האישור הוא 4417-2093, והוא כבר בדרך אליך במסרון. "
         "בחשבון הבא לא יופיע חיוב על הממיר.»",
         avoid_saying="«נרשם, יהיה בסדר», בלי מספר אישור. · הערה חופשית במקום סריקה.",
         background="לקוחות שהחזירו ממיר חויבו עליו, כי ההחזרה נכתבה בהערה. "
         "תזכורת לנציגים לא עזרה (14 פניות בחודש, ואחריה 12), ולכן ההחזרה היא כעת סריקה."),
    read(34, "L11.briefing", days=4),
    add(34, "15:40", YOSSI, "L11", "actions", made="A11.reader",
        text="קורא ברקוד בשלוש עמדות הקבלה", done_when="בכל שלוש העמדות נסרקה החזרה אחת לפחות",
        kind="preventive", owner=ALEXEI, due_on=ago(4), covers=[Of("d11.c1")]),
    add(34, "15:50", YOSSI, "L11", "actions", made="A11.practice",
        text="תרגול הקראת מספר אישור בהדרכת ערב", done_when="כל נציגי הערב הקריאו מספר אישור בתרגול, ונשמר סיכום",
        kind="corrective", owner=HILA, due_on=ago(2)),
    add(20, "18:20", ILAN, "L11", "actions", made="A11.script",
        text="עדכון תסריט החזרת ציוד", done_when="התסריט החדש מוצג בעמדת הנציג",
        kind="corrective", owner=YOSSI, due_on=ahead(1)),
    step(33, "10:00", ALEXEI, "A11.reader", "start"),
    step(12, "12:30", ALEXEI, "A11.reader", "ask_extension", new_due_on=ahead(8),
         reason="אישור הרכש של שלושת הקוראים עוד לא ניתן, והספק מתחייב לשבועיים מיום ההזמנה."),
    step(11, "09:15", ILAN, "A11.reader", "deny_extension",
         reason="הנוהל כבר בתוקף, והנציגים סורקים בטלפון. כל שבוע נוסף הוא עוד לקוחות שמחויבים."),
    step(8, "11:20", ALEXEI, "A11.reader", "block", waiting_on=OMER,
         reason="ממתין לאישור רכש של 2,400 שקלים לשלושה קוראים."),
    step(20, "09:00", HILA, "A11.practice", "start"),
    add(3, "15:10", HILA, "A11.practice", "evidence",
        kind="revision", revision=Of("R3.2"), note="התרגול נכתב לפי הסעיף «קליטה בסריקה»."),
    step(2, "13:40", HILA, "A11.practice", "report_done",
         evidence={"kind": "link", "url": "https://files.tsiporen.example/training/approval-number",
                   "note": "סיכום ושתי הקלטות."}),
    step(6, "15:00", YOSSI, "A11.script", "start"),
    # ── cases: those of the report, and what the counter and the phones sent since
    *from_the_report(),
    create(32, "12:05", RANA, "cases", "c11.1", external_id="CRM-90417", channel="phone", category="חיוב/ציוד",
           text="החזרתי ממיר לפני חודש וחויבתי שוב, גם אחרי שהבטחתם שזה טופל.", unit="SRV"),
    match(32, "12:07", RANA, "c11.1", "L11"),
    create(27, "19:10", AVI, "cases", "c11.2", external_id="CRM-90588", channel="phone", category="חיוב/ציוד",
           text="השליח לקח את הנתב ובחשבון מופיע «ציוד שלא הוחזר».", unit="RET"),
    match(27, "19:12", AVI, "c11.2", "L11"),
    create(21, "10:40", RANA, "cases", "c11.3", external_id="CRM-90731", channel="chat", category="חיוב/ציוד",
           text="מסרתי שני ממירים בדוכן, זיכו אותי רק על אחד.", unit="SRV"),
    match(21, "10:41", RANA, "c11.3", "L11"),
    create(16, "16:25", SHIRA, "cases", "c11.4", external_id="CRM-90866", channel="phone", category="חיוב/ציוד",
           text="עברתי דירה, החזרתי הכול, ועדיין מחייבים אותי על ממיר.", unit="RET"),
    match(16, "16:28", SHIRA, "c11.4", "L11"),
    create(7, "20:02", AVI, "cases", "c11.5", external_id="CRM-91009", channel="phone", category="חיוב/ציוד",
           text="החזרתי ממיר ביום ראשון, לא קיבלתי שום מספר אישור, והחיוב הגיע.", unit="RET"),
    match(7, "20:04", AVI, "c11.5", "L11"),
)  # fmt: skip
