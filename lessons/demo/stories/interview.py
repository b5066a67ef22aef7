"""Debrief 10: a veteran is interviewed about customers who have already signed elsewhere. Watched a second time."""

from lessons.demo.cast import DANA, HILA, NAOMI, RANA, RUTH
from lessons.demo.story import Of, add, ago, create, read, step

STORY = (
    create(
        28, "12:00", HILA, "debriefs", "d10",
        kind="interview", unit="SRV",
        title="ריאיון ניסיון: איך מזהים לקוח שכבר סגר עם חברה אחרת",
        what_happened="ריאיון של 40 דקות עם נציגת שירות ותיקה, שמזהה בשאלה אחת אם הלקוח עוד מתלבט או כבר סגר.",
        happened_on=ago(28),
    ),
    step(27, "09:30", NAOMI, "d10", "open",
         leader=HILA, severity=1, path="full", reviewer=RUTH,
         questions="מה אומר לקוח שכבר סגר?\nמה עושים אחרת כשיודעים?"),
    step(27, "10:20", HILA, "d10", "edit",
         expected="לשמוע איך נציגה עם ותק של שש שנים יודעת מתי אין טעם להציע.",
         actual="היא אינה שואלת למה עוזבים. היא שואלת מתי ההתקנה, ומי שכבר קבע מועד עונה מיד."),
    add(27, "10:40", HILA, "d10", "findings", made="d10.f1",
        text="מי שיש לו מועד התקנה כבר חתם, וכל הצעה רק מאריכה את השיחה.", direction="sustain"),
    add(
        27, "11:10", HILA, "d10", "lessons", made="L10",
        finding=Of("d10.f1"), interviewee=RANA, consent=True, source="ריאיון ניסיון",
        title="שואלים מתי ההתקנה, לא למה עוזבים",
        direction="do",
        applies_when="לקוח אומר שהוא עוזב, ועוד לא ברור אם כבר חתם במקום אחר.",
        topics=["שימור", "מתחרים", "ריאיון ניסיון"],
        why="«למה» מזמין ויכוח; «מתי» מזמין עובדה, ולפיה יודעים איך להמשיך.",
        steps=[
            "שואלים: «מתי נקבעה ההתקנה אצלם?»",
            "יש מועד: לא מציעים. מסבירים איך נפרדים בלי חיוב כפול, ומאחלים בהצלחה.",
            "אין מועד: הלקוח עוד מתלבט. פותחים בבדיקת חשבון.",
        ],
        say="«מתי נקבעה ההתקנה אצלם? חשוב לי לוודא שלא יהיה תשלום כפול בשבוע החפיפה.»",
        avoid_saying="«למה לעזוב אותנו?» · «מה הם הציעו לך?»",
        limits="לקוח שביקש להתנתק וחזר על הבקשה: מבצעים. לא מציעים הצעה נוספת.",
        transfer_to="מוקד שימור, בהעברה חמה, רק כשעוד אין מועד התקנה.",
        background="נציגה ותיקה מזהה בשאלה אחת מי כבר סגר עם חברה אחרת, וחוסכת ללקוח ולנציג שיחה שאין לה סוף טוב.",
    ),
    step(26, "12:30", HILA, "d10", "submit"),
    step(25, "09:40", RUTH, "d10", "issue"),
    step(24, "09:00", NAOMI, "L10", "accept",
         owner=DANA, audience={"units": ["RET", "SRV"], "roles": ["agent"]}, level=2, briefing={"share": 0.7}),
    add(23, "15:00", DANA, "L10", "verifications", made="V10",
        preset="floor_says", measure="נציגים שהשתמשו במשפט, וכמה מהם סימנו «לא מתאים»", watch_days=14, verifier=RUTH),
    step(23, "15:10", DANA, "L10", "start"),
    read(23, "L10.briefing", days=5),
    step(4, "11:30", RUTH, "V10", "conclude",
         result="inconclusive", measured=4, sample=11,
         words="11 נציגים סימנו, ארבעה מהם «לא מתאים». מעט מדי כדי לדעת; שבועיים נוספים.",
         evidence="סימונים בכרטיס"),
)  # fmt: skip
