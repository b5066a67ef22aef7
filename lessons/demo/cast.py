"""Who lives in the village, by employee number: the names that stories use for the people who act in them."""

from __future__ import annotations

from dataclasses import dataclass

from lessons.workflow.states import Role

MICHAL, ILAN, ALEXEI, BASEL, NAOMI = "1", "2", "3", "4", "5"
DANA, YOSSI, RUTH, HILA, OMER = "6", "7", "8", "9", "10"
TAMAR, AVI, RANA, LIOR, GIDEON = "11", "12", "13", "14", "15"
MAYA, SIGAL, DANIEL, SVETLANA = "16", "17", "18", "19"
SHIRA, OREN, NATALI, ADVA, FADI, ALON = "21", "24", "26", "53", "71", "82"


@dataclass(frozen=True)
class Villager:
    """`days` is how long they have been here; `roles` are (role, unit). Whoever has a mailbox has `mail`."""

    number: str
    name: str
    name_en: str
    function: str
    function_en: str
    unit: str
    manager: str
    days: int
    roles: tuple[tuple[Role, str], ...] = ()
    mail: str = ""
    locale: str = "he"


UNITS = (  # code, name, in English, belongs to, small
    ("CUS", "חטיבת לקוחות", "Customer division", "", False),
    ("RET", "מוקד שימור לקוחות", "Retention centre", "CUS", False),
    ("SRV", "מוקד שירות ותמיכה", "Service and support centre", "CUS", False),
    ("INS", "צוות ביטוח ותביעות", "Insurance and claims team", "CUS", True),
)

STAFF = (
    Villager("1", "מיכל שרעבי", "Michal Sharabi", "סמנכ\"לית לקוחות", "VP Customers", "CUS", "", 2900,
             ((Role.MANAGER, "CUS"),), "michal.sharabi"),
    Villager("2", "אילן ברדוגו", "Ilan Bardugo", "ניהול מוקד שימור", "Retention centre manager", "RET", "1", 2300,
             ((Role.MANAGER, "RET"),), "ilan.bardugo"),
    Villager("3", "אלכסיי גורדון", "Alexei Gordon", "ניהול מוקד שירות", "Service centre manager", "SRV", "1", 1900,
             ((Role.MANAGER, "SRV"),), "alexei.gordon"),
    Villager("4", "באסל ח'טיב", "Basel Khatib", "ראש צוות ביטוח ותביעות", "Insurance and claims team leader", "INS",
             "1", 1500, ((Role.MANAGER, "INS"), (Role.DEBRIEF_LEADER, "INS")), "basel.khatib"),
    Villager("5", "נעמי זילבר", "Naomi Silber", "ניהול ידע ולקחים", "Knowledge and lessons", "CUS", "1", 1250,
             ((Role.LESSONS_MANAGER, "CUS"),), "naomi.silber"),
    Villager("6", "דנה אוחיון", "Dana Ohayon", "ראש צוות שימור, הובלת תחקירים", "Retention team leader, leads debriefs",
             "RET", "2", 1700, ((Role.DEBRIEF_LEADER, "CUS"),), "dana.ohayon"),
    Villager("7", "יוסי מלכה", "Yossi Malka", "אחמ\"ש ערב, שימור", "Evening shift lead, retention", "RET", "2", 1420,
             ((Role.DEBRIEF_LEADER, "RET"), (Role.AGENT, "RET")), "yossi.malka"),
    Villager("8", "רות פרידמן", "Ruth Friedman", "בקרת איכות", "Quality control", "CUS", "1", 2600, (),
             "ruth.friedman"),
    Villager("9", "הילה דגן", "Hila Dagan", "מרכזת הדרכה, עורכת נהלים", "Training coordinator, edits procedures", "CUS",
             "1", 1100, ((Role.EDITOR, "CUS"),), "hila.dagan"),
    Villager("10", "עומר שקד", "Omer Shaked", "כספים", "Finance", "CUS", "1", 980, ((Role.FINANCE, "CUS"),),
             "omer.shaked"),
    Villager("11", "תמר וייס", "Tamar Weiss", "שיווק, ניהול מבצעים", "Marketing, campaigns", "CUS", "1", 720, (),
             "tamar.weiss"),
    Villager("12", "אבי כהן", "Avi Cohen", "נציג שימור", "Retention agent", "RET", "6", 150,
             ((Role.AGENT, "RET"),)),
    Villager("13", "רנא חדאד", "Rana Haddad", "נציגת שירות", "Service agent", "SRV", "17", 2200,
             ((Role.AGENT, "SRV"),)),
    Villager("14", "ליאור מזרחי", "Lior Mizrahi", "נציג ביטוח", "Insurance agent", "INS", "4", 49,
             ((Role.AGENT, "INS"),)),
    Villager("15", "גדעון לב", "Gideon Lev", "ביקורת פנים", "Internal audit", "CUS", "1", 1600,
             ((Role.AUDITOR, "CUS"),), "gideon.lev"),
    Villager("16", "מאיה אבוטבול", "Maya Abutbul", "מערכות מידע, ניהול המערכת", "IT, runs the system", "CUS", "1", 1340,
             ((Role.ADMIN, "CUS"),), "maya.abutbul"),
    Villager("17", "סיגל אדרי", "Sigal Edri", "אחמ\"ש בוקר, שירות", "Morning shift lead, service", "SRV", "3", 1580,
             ((Role.DEBRIEF_LEADER, "SRV"),), "sigal.edri"),
    Villager("18", "דניאל רוזן", "Daniel Rosen", "ראש צוות הקו באנגלית, שירות", "English line team leader, service",
             "SRV", "3", 860, ((Role.DEBRIEF_LEADER, "SRV"),), "daniel.rosen", "en"),
    Villager("19", "סבטלנה ברגמן", "Svetlana Bergman", "אחמ\"ש ערב, שירות", "Evening shift lead, service", "SRV", "3",
             1210, ((Role.DEBRIEF_LEADER, "SRV"),), "svetlana.bergman"),
    Villager("20", "נועה גלעד", "Noa Gilad", "בהכשרה לנציגת שימור", "In training as a retention agent", "CUS", "9", 6),
)  # fmt: skip

# the other agents: unit, their lead, first number, and each by name, in English, and the form that she or he chose
AGENTS = (
    ("RET", "6", 21, "שימור", "Retention", """
        שירה אלקיים|Shira Elkayam|f
        מוחמד אבו־חוסיין|Mohammed Abu-Hussein|m
        יעל ברקוביץ'|Yael Berkovich|f
        אורן דהן|Oren Dahan|m
        סיון גבאי|Sivan Gabay|f
        נטלי קוזלוב|Natali Kozlov|f
        איתי שמש|Itai Shemesh|m
        הדיל זועבי|Hadeel Zoabi|f
        אלעד ביטון|Elad Biton|m
        מירב צדוק|Merav Tzadok|f"""),
    ("RET", "7", 31, "שימור", "Retention", """
        ולדימיר לוין|Vladimir Levin|m
        טליה רוט|Talia Roth|f
        עדן טספאיה|Eden Tesfaye|f
        רועי אזולאי|Roi Azulay|m
        לינוי פרץ|Linoy Peretz|f
        סאמי נסאר|Sami Nassar|m
        גלית אוחנה|Galit Ohana|f
        דורון שפירא|Doron Shapira|m
        אסתר ממו|Ester Mamo|f
        נועם הררי|Noam Harari|m"""),
    ("SRV", "17", 41, "שירות", "Service", """
        חן אביטל|Chen Avital|f
        מרים עטאללה|Maryam Atallah|f
        שלומי חזן|Shlomi Hazan|m
        אנה וולקוב|Anna Volkov|f
        ברק כץ|Barak Katz|m
        סהר נחום|Sahar Nahum|m
        ויקטוריה סימונוב|Victoria Simonov|f
        ג'ורג' חורי|George Khoury|m
        אביגיל שטרן|Avigail Stern|f
        מעיין טל|Maayan Tal|f
        יונתן קפלן|Yonatan Kaplan|m
        ראמי סלאמה|Rami Salameh|m
        אדוה מימון|Adva Maimon|f
        בוריס פרלמן|Boris Perlman|m
        צליל אמסלם|Tslil Amsalem|f"""),
    ("SRV", "19", 56, "שירות", "Service", """
        אריאל דיין|Ariel Dayan|m
        מולוגטה אדיסו|Mulugeta Adiso|m
        תהילה רוזנברג|Tehila Rosenberg|f
        קארין בן־חמו|Karin Ben-Hamo|f
        גיא סבג|Guy Sabag|m
        דיאנה מרקוביץ'|Diana Markovich|f
        חסן עווידה|Hassan Aweida|m
        ליטל עמר|Lital Amar|f
        עידו פלד|Ido Peled|m
        רחל יצחקי|Rachel Itzhaki|f
        סופיה גורביץ'|Sofia Gurvich|f
        אמיר כנעאן|Amir Kanaan|m
        נופר בוזגלו|Nofar Buzaglo|f"""),
    ("SRV", "18", 69, "שירות, הקו באנגלית", "Service, English line", """
        יאיר אדלר|Yair Adler|m
        הודיה זגורי|Hodaya Zaguri|f
        פאדי מנסור|Fadi Mansour|m
        אילנה צ'רנוב|Ilana Chernov|f
        עמית לביא|Amit Lavi|m
        שני הלפרין|Shani Halperin|f
        טל אשכנזי|Tal Ashkenazi|m"""),
    ("INS", "4", 81, "ביטוח", "Insurance", """
        נור מסארווה|Nour Masarwa|f
        אלון ברנע|Alon Barnea|m
        חגית לוגסי|Hagit Lugasi|f
        דימיטרי סוקולוב|Dimitri Sokolov|m
        רינת עובד|Rinat Oved|f
        יוסף אלקאסם|Yousef Alqasem|m
        מור שלו|Mor Shalev|f"""),
)  # fmt: skip

# who is away, from and until in working days before the day of loading, and who stands in
AWAY = (
    ("25", 40, -60, "26"),
    ("33", 24, -12, "32"),
    ("49", 30, -80, "50"),
    ("57", 22, -3, "56"),
    ("62", 15, -9, "63"),
    ("70", 13, -2, "69"),
    ("19", -4, -8, "17"),
)
