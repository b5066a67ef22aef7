"""News of the week: an outage, a campaign with its question, what competitors offer, a topic in focus, and thanks."""

from lessons.demo.cast import AVI, HILA, NAOMI, NATALI, SHIRA
from lessons.demo.story import Told, add, at, create, read, step

EVERYBODY = {"units": ["CUS"], "roles": []}
FLOOR = {"units": ["RET", "SRV"], "roles": ["agent"]}

STORY = (
    create(
        20, "08:40", HILA, "news", "N7",
        title="עומס בשיחות נכנסות בעקבות הודעת החיוב החודשית",
        body="פותחים בבדיקת החשבון. מי שמבקשים שיחה חוזרת – עד 18:00 באותו יום.",
        audience=FLOOR, valid_until=at(17, "20:00"),
    ),
    create(
        12, "10:30", HILA, "news", "N8",
        title="מיום שני: טופס ביטול חדש באתר", body="הלקוח ממלא בעצמו, והפנייה מגיעה לשימור.",
        audience=FLOOR, valid_until=at(-3, "20:00"),
    ),
    step(11, "09:10", HILA, "N8", "withdraw", reason="העלייה לאוויר נדחתה, ומועד חדש עוד לא נקבע."),
    create(
        4, "09:20", HILA, "news", "N4",
        title="נוהל החזרת ציוד, מהדורה 2: סורקים ברקוד ומקריאים מספר אישור",
        body="בכל החזרה סורקים את הברקוד של הממיר, ומקריאים ללקוח את מספר האישור.\nהמספר נשמר בכרטיס הלקוח.",
        audience=FLOOR, valid_until=at(-10, "20:00"),
    ),
    create(
        3, "10:05", NAOMI, "news", "N5",
        title="תודה לרנא: המשפט שלה עזר ב־27 שיחות השבוע",
        body="«מתי קבעו אצלך את ההתקנה?» – שואלים, ולא «למה לעזוב?».",
        audience=EVERYBODY, valid_until=at(-5, "20:00"),
    ),
    create(
        3, "11:40", AVI, "news", "N3",
        kind="offer", title="מתחרה: מהירות כפולה ב־89 ₪ לשנה, והמחיר עולה אחריה",
        body="המחיר קבוע לשנה אחת בלבד. אחריה הוא עולה, ואין התחייבות לסכום.",
        seen_where="שלושה לקוחות, שימור",
        our_answer="«כדאי לשאול אותם מה המחיר בשנה השנייה, ולהשוות לשנתיים. אפשר לבדוק יחד מה מתאים לקו שלך.»",
        valid_until=at(-10, "20:00"),
    ),
    step(3, "12:15", SHIRA, "N3", "confirm"),
    create(
        2, "09:00", NAOMI, "news", "NF",
        kind="focus", title="פותחים בבדיקת חשבון, ולא בהצעה", topic="שימור",
        body="השבוע מקשיבים לחמש הדקות הראשונות של השיחה: קודם בודקים מה הלקוח משלם ועל מה, ורק אז מציעים.",
        audience=FLOOR, valid_until=at(-5, "20:00"),
    ),
    create(
        2, "13:30", HILA, "news", "N2",
        title="מיום ראשון: מבצע «חודש שני עלינו» – למצטרפים בלבד",
        body="המבצע למי שמצטרפים מיום ראשון ועד סוף החודש. לקוחות קיימים אינם זכאים.",
        our_answer="«המבצע הזה למצטרפים חדשים. אפשר לבדוק יחד מה מתאים לחשבון שלך היום.»",
        audience=FLOOR, valid_until=at(-15, "20:00"),
    ),
    add(
        2, "13:45", HILA, "N2", "briefings",
        check={"question": "לקוח קיים שואל על «חודש שני עלינו». מה עונים?",
               "answers": ["נותנים גם לו, כמחווה", "המבצע למצטרפים; בודקים יחד מה מתאים לחשבון שלו"], "right": 1},
    ),
    read(1, "N2.briefing", people=14, days=1, wrong=3),
    create(
        1, "15:10", NATALI, "news", "N6",
        kind="offer", title="מתחרה: ביטוח מכשיר חינם לשלושה חודשים", seen_where="שלט בקניון, לקוחה אחת",
        valid_until=at(-8, "20:00"),
    ),
    create(
        1, "16:30", HILA, "news", "N1",
        title="תקלה בקליטת ערוצים באזור השרון", urgent=True,
        body=Told("לא פותחים קריאת טכנאי.\nצפי תיקון: %s. מי שמתקשר – רושמים פנייה, והוא מקבל הודעה כשהתקלה נפתרת.",
                  at(-2, "17:00")),
        audience=FLOOR, valid_until=at(-2, "17:00"),
    ),
)  # fmt: skip
