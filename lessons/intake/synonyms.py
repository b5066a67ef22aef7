"""The words by which others name what we call a lesson, an action or a due date, in both languages: columns of
registers, headings of reports, states of actions. One table for each; a missing word is added here."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from lessons.intake.document import Confidence, Status
from lessons.intake.tables import header_name


def name(text: str) -> str:
    """One spelling of a heading: no brackets, numbers of chapters or signs; words are parted by one blank."""
    plain = _BRACKETS.sub(" ", text) if len(text) < 500 else text
    plain = _APOSTROPHE.sub("", plain)
    return header_name(_CHAPTER.sub("", plain.strip(" *_#:\t"))).replace("_", " ")


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_APOSTROPHE = re.compile(r"(?<=\w)[’'׳](?=\w)")
_CHAPTER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[א-תA-Ha-h][.)])\s+")


def _table(table: dict[str, str]) -> dict[str, str]:
    return {name(word): field for field, words in table.items() for word in words.split(",")}


COLUMNS = _table({
    "number": "id,no,num,nr,number,item no,item number,serial,serial number,lesson id,lesson number,lesson no,ref,"
              "reference,reference number,record id,case id,report id,event id,incident id,incident number,ll id,"
              "action id,entry,מס,מספר,מספור,מספר סידורי,מסד,סידורי,מזהה,מספר לקח,מספר אירוע,מספר תחקיר,אסמכתא",
    "title": "title,lesson title,event title,incident title,subject,headline,name,incident name,event name,event title,"
             "short description,נושא,כותרת,שם,שם האירוע,שם הלקח,נושא הלקח,נושא האירוע,שם התחקיר,נושא התחקיר",
    "happened_on": "date,event date,incident date,date of event,date of incident,occurred,occurred on,date occurred,"
                   "date of occurrence,event start date,start date,incident start date,date raised,raised on,raised,"
                   "date identified,date logged,date reported,report date,reported on,date recorded,lesson date,"
                   "תאריך,תאריך האירוע,תאריך אירוע,תאריך המקרה,מועד,מועד האירוע,מועד אירוע,תאריך פתיחה,תאריך דיווח,"
                   "תאריך התחקיר,תאריך רישום,when,מתי,מתי זה קרה,מתי קרה",
    "what_happened": "event,what happened,event what happened,description,event description,description of event,"
                     "incident,incident description,description of incident,driving event,narrative,background,issue,"
                     "issue description,problem,problem description,situation,observation,observations,finding,"
                     "findings,what happened description,context,summary,details,case,תיאור,תיאור האירוע,תיאור המקרה,"
                     "תיאור אירוע,מה קרה,מה קרה בפועל,אירוע,האירוע,המקרה,מקרה,רקע,ממצא,ממצאים,הבעיה,בעיה,תקלה,"
                     "תיאור התקלה,תיאור הבעיה,פירוט,פרטי האירוע,תקציר",
    "lesson": "lesson,lessons,lesson identified,lessons identified,lesson learned,lessons learned,lesson learnt,"
              "lessons learnt,lesson description,"
              "lesson text,learning,learnings,key learning,key lesson,takeaway,key takeaway,takeaways,insight,insights,"
              "what we learned,what did we learn,conclusion,conclusions,לקח,לקחים,הלקח,הלקחים,תובנה,תובנות,לקח שנלמד,"
              "לקחים שנלמדו,הלקח שנלמד,מה למדנו,תיאור הלקח,מסקנה,מסקנות,לקח עיקרי,לקח מרכזי,תוכן הלקח",
    "action": "action,actions,action item,action items,recommended action,recommended actions,corrective action,"
              "corrective actions,preventive action,preventive actions,corrective preventive action,required action,"
              "action required,actions required,recommendation,recommendations,task,tasks,next step,next steps,"
              "follow up,followup,follow up action,to do,todo,what to do,action description,action plan,"
              "proposed action,"
              "improvement,improvement action,countermeasure,פעולה,פעולות,פעולה נדרשת,פעולות נדרשות,פעולה מתקנת,"
              "פעולות מתקנות,משימה,משימות,המלצה,המלצות,מטלה,מטלות,צעד הבא,צעדים,לביצוע,פעולה לביצוע,דרך יישום,"
              "אופן יישום,יישום,תיאור המשימה,תיאור הפעולה,פעולה מונעת,מה עושים,פעולה מומלצת,הנחיה לביצוע",
    "taken": "immediate action,immediate actions,immediate action taken,immediate actions taken,action taken,"
             "actions taken,corrective action taken,corrective actions taken,what was done,פעולה מיידית,"
             "פעולות מיידיות,פעולה מיידית שננקטה,פעולות שננקטו,פעולה שננקטה,טיפול מיידי,מה נעשה,הטיפול שבוצע",
    "owner": "owner,owners,action owner,task owner,responsible,responsible person,person responsible,responsibility,"
             "assignee,assigned,assigned to,who,accountable,action by,by whom,actionee,lead,אחראי,אחראית,אחראים,"
             "באחריות,אחריות,גורם אחראי,הגורם האחראי,אחראי לביצוע,אחריות לביצוע,אחראי ביצוע,שם האחראי,מי,"
             "גורם מבצע,מבצע,על ידי מי,מוביל,באחריות מי",
    "due": "due,due date,due on,due by,deadline,target date,target,by when,target completion date,"
           "planned completion,planned completion date,target completion,eta,complete by,action due,action due date,"
           "תאריך יעד,מועד יעד,יעד,יעד לביצוע,תאריך לביצוע,מועד לביצוע,מועד ביצוע,תאריך יעד לביצוע,עד מתי,"
           'תג"ב,תגב,לוח זמנים,לו"ז,לוז,תאריך סיום מתוכנן,עד תאריך',
    "status": "status,state,action status,current status,progress,done,closed,completed,complete,implementation status,"
              "סטטוס,סטאטוס,מצב,מצב ביצוע,סטטוס ביצוע,סטטוס משימה,מצב משימה,סטטוס הפעולה,בוצע,הושלם,מצב הטיפול,"
              "סטטוס טיפול,התקדמות",
    "cause": "cause,causes,root cause,root causes,contributing factor,contributing factors,contributing cause,why,"
             "reason,reasons,root cause analysis,human factors,other factors,סיבה,סיבות,גורם,גורמים,סיבת שורש,"
             "שורש הבעיה,מדוע,למה,למה זה קרה,סיבות שורש,גורם שורש,גורמים תורמים,הסיבה",
    "expected": "expected,what was expected,expected result,what should have happened,מה היה אמור לקרות,מצופה,מה תוכנן",
    "topics": "category,categories,topic,topics,tag,tags,area,theme,discipline,classification,keywords,lesson category,"
              "קטגוריה,קטגוריות,תחום,תחומים,סיווג,תגיות,תגית,מילות מפתח",
    "severity": "severity,severity level,impact level,risk level,חומרה,דרגת חומרה,רמת חומרה,חומרת האירוע",
    "unit": "unit,department,team,division,site,business unit,business area,יחידה,מחלקה,צוות,אגף,אתר,חטיבה",
    "verified_on": "verified,verified on,date verified,verification date,verified date,תאריך אימות,אומת בתאריך,"
                   "תאריך בדיקת אפקטיביות",
    "leader": "facilitator,leader,led by,debrief leader,investigator,incident commander,author,prepared by,מנחה,"
              "מנחה התחקיר,מוביל התחקיר,מתחקר,עורך התחקיר,בהנחיית,מנהל התחקיר,הובלה",
})  # fmt: skip

WHEN = frozenset({"when", "מתי"})
"""The day of the event, and beside what is to be done the day by which."""

SEVERITIES = {
    said: level
    for level, words in {
        4: "critical,catastrophic,very high,extreme,blocker,קריטי,קריטית,חמורה מאוד,חמור מאוד,גבוהה מאוד",
        3: "high,major,serious,severe,גבוה,גבוהה,חמור,חמורה,רב,רבה",
        2: "medium,moderate,normal,בינוני,בינונית,רגיל,רגילה",
        1: "low,minor,trivial,very low,נמוך,נמוכה,קל,קלה,זניח,זניחה",
    }.items()
    for said in words.split(",")
}  # fmt: skip

SECTIONS = _table({
    "what_happened": "summary,incident summary,executive summary,issue summary,event summary,what happened,description,"
                     "event description,incident description,overview,incident overview,background,introduction,"
                     "details,incident details,incident,the incident,event,the event,problem statement,the problem,"
                     "what actually happened,actual,תיאור האירוע,תיאור המקרה,מה קרה,מה קרה בפועל,תקציר,רקע,"
                     "סיכום האירוע,פרטי האירוע,האירוע,המקרה,תיאור,תיאור התקלה,עיקרי האירוע,תמצית,מה היה",
    "timeline": "timeline,time line,incident timeline,chronology,sequence of events,event log,ציר זמן,ציר הזמן,"
                "השתלשלות האירוע,השתלשלות האירועים,השתלשלות,כרונולוגיה,סדר האירועים,מהלך האירוע,מהלך האירועים",
    "expected": "expected,what was expected,what was supposed to happen,what should have happened,what did we expect,"
                "intended outcome,expected outcome,the plan,objective,objectives,מה היה אמור לקרות,מה תוכנן,התכנון,"
                "מה היה צריך לקרות,המצופה,מצב רצוי,התוכנית,מה ציפינו",
    "causes": "root cause,root causes,root cause analysis,contributing factors,contributing factor,causes,cause,"
              "the cause,why did it happen,why it happened,why was there a difference,analysis,five whys,5 whys,"
              "trigger,"
              "root causes and contributing factors,סיבות,הסיבות,הסיבה,גורמים,ניתוח הסיבות,ניתוח,ניתוח האירוע,"
              "סיבת שורש,סיבות שורש,מדוע זה קרה,למה זה קרה,למה,מדוע,גורמים תורמים,שורש הבעיה,הגורמים לאירוע",
    "went_well": "מה עשינו טוב,מה נעשה טוב,what went well,went well,things that went well,what worked,"
                 "what worked well,successes,strengths,"
                 "positives,to sustain,sustain,what we did well,what should we keep,מה הלך טוב,מה עבד,מה עבד טוב,"
                 "נקודות לשימור,לשימור,מה היה טוב,הצלחות,חוזקות,שימור,מה הצליח,דברים טובים",
    "went_badly": "מה אפשר לשפר,מה ניתן לשפר,מה לשפר,what went wrong,what went poorly,what didnt go well,"
                  "what did not go well,what didnt go so well,"
                  "what did not go so well,what went badly,what could have gone better,what could be improved,"
                  "what could be better,what could go better,didnt go well,did not go well,didnt go so well,went wrong,"
                  "went badly,went poorly,could be better,could be improved,needs improvement,things that went wrong,"
                  "what didnt work,what did not work,"
                  "areas for improvement,to improve,weaknesses,challenges,מה לא עבד,מה לא הלך טוב,נקודות לשיפור,"
                  "לשיפור,מה השתבש,כשלים,ליקויים,מה היה פחות טוב,חולשות,שיפור,מה פחות עבד,פערים,תקלות שהתגלו",
    "lessons": "lessons,lesson,lessons learned,lesson learned,lessons learnt,learnings,key learnings,what we learned,"
               "what did we learn,what we learnt,key takeaways,takeaways,insights,conclusions and lessons,key lessons,"
               "לקחים,לקח,הלקחים,תובנות,מסקנות,מה למדנו,מסקנות ולקחים,לקחים ומסקנות,לקחים ותובנות,הפקת לקחים,"
               "לקחים עיקריים,לקחים מרכזיים,עיקרי הלקחים",
    "actions": "actions,action items,action item,action,action plan,action points,followup,follow up,followups,"
               "follow ups,follow up actions,follow up items,follow up improvements,followup items,next steps,"
               "next actions,remediation,remediations,remediation items,remedial measures,remedial actions,"
               "corrective actions,corrective action,corrective,preventive actions,preventative actions,"
               "preventive measures,preventative measures,preventative measure,corrective measures,recommendations,"
               "recommended actions,improvements,proposed improvements,todo,to do,todos,tasks,planned actions,"
               "immediate actions,prevention,future work,things to do,משימות,משימות להמשך,פעולות,פעולות נדרשות,"
               "פעולות מתקנות,פעולות מונעות,פעולות להמשך,צעדים להמשך,צעדים הבאים,המשך טיפול,להמשך טיפול,המלצות,"
               "תוכנית פעולה,תכנית פעולה,מטלות,לביצוע,יישום,דרכי פעולה,פעולות לביצוע,החלטות ומשימות,מעקב",
    "other": "where we got lucky,we got lucky,got lucky,impact,user impact,customer impact,impact on users,fallout,"
             "resolution,resolution and recovery,detection,"
             "response,attendees,participants,present,thanks,stats,statistics,metrics,appendix,references,links,logs,"
             "glossary,faq,supporting information,important information,conclusion,mitigation,contact,"
             "moving forward,closing,"
             "השפעה,משתתפים,נוכחים,תפוצה,נספחים,נספח,תודות,נתונים,קישורים,פתרון,הפתרון,סיכום",
})  # fmt: skip
_ONLY_WHOLE = frozenset(
    name(word)
    for word in (
        "incident,event,details,description,actual,action,lesson,cause,trigger,analysis,corrective,background,overview,"
        "introduction,expected,objective,sustain,prevention,present,contact,conclusion,response,detection,metrics,"
        "links,"
        "references,logs,impact,resolution,mitigation,improvements,challenges,strengths,tasks,the event,the plan,"
        "actions,"
        "lessons,causes,insights,summary,תיאור,ניתוח,למה,מדוע,לקח,מסקנות,פעולות,יישום,מעקב,שימור,שיפור,רקע,סיכום,"
        "נתונים,"
        "פתרון,הפתרון,פערים,האירוע,המקרה,התוכנית,התכנון,גורמים,מה היה,השפעה,תמצית,חולשות,הצלחות"
    ).split(",")
)
_LAST_WORD = {name(word) for word in "actions,improvements,lessons,causes,tasks,impact,summary,measures".split(",")}
_ARTICLE = re.compile(r"\bה(?=[א-ת]{3})")
_NOUNS = frozenset(
    "lesson lessons action actions recommendation recommendations owner לקח לקחים פעולה פעולות המלצה המלצות משימה"
    " משימות אחראי".split()
)
_AND = re.compile(r" (?:and|und|or|&) | ו(?=\w)")

_DONE: Status = "done"
_OPEN: Status = "open"
_GOING: Status = "in_progress"
_STATES: dict[Status, str] = {
        "done": "done,closed,complete,completed,implemented,resolved,finished,fixed,already done,yes,true,shipped,"
                "merged,deployed,verified,delivered,בוצע,בוצעה,בוצעו,הושלם,הושלמה,הושלמו,סגור,סגורה,נסגר,נסגרה,טופל,"
                "טופלה,יושם,יושמה,הסתיים,הסתיימה,הוטמע,הוטמעה,כן,תוקן,תוקנה",
        "in_progress": "in progress,inprogress,progress,ongoing,on going,started,wip,work in progress,underway,"
                       "under way,"
                       "in process,partial,partially,partly done,partially done,in work,doing,active,in review,"
                       "בטיפול,בביצוע,בתהליך,חלקי,חלקית,בוצע חלקית,בעבודה,החל,התחיל,בעיצומו,בתהליך ביצוע,בהטמעה,"
                       "בבדיקה",
        "open": "open,new,to do,todo,not started,not yet started,pending,overdue,late,planned,assigned,not done,no,"
                "false,"
                "not yet,outstanding,waiting,on hold,blocked,delayed,scheduled,reopened,unresolved,incomplete,"
                "not complete,not completed,פתוח,פתוחה,פתוחות,טרם,לא בוצע,לא בוצעה,טרם בוצע,טרם בוצעה,טרם החל,"
                "טרם התחיל,טרם התחילה,ממתין,ממתינה,באיחור,חדש,חדשה,מתוכנן,מתוכננת,בתכנון,לא,לביצוע,בהמתנה,מעוכב,"
                "מעוכבת,עוכב,טרם טופל,לא טופל,לא הושלם,טרם הושלם",
        "cancelled": "cancelled,canceled,wont do,wont fix,will not do,dropped,not applicable,rejected,abandoned,"
                     "withdrawn,obsolete,superseded,בוטל,בוטלה,מבוטל,מבוטלת,לא רלוונטי,לא רלוונטית,ירד מהפרק",
}  # fmt: skip
STATUSES: dict[str, Status] = {name(word): status for status, words in _STATES.items() for word in words.split(",")}
_SIGNS: dict[str, Status] = {
    **dict.fromkeys("✅✔☑☒✓xXvV", _DONE),
    **dict.fromkeys("☐⬜❌□✗", _OPEN),
    **dict.fromkeys("⏳🔄🚧", _GOING),
}
WHAT = frozenset("what item description title name issue summary details topic מה תיאור נושא פירוט כותרת".split())
"""Columns that tell the action in a table of actions, and the lesson in one of lessons, where none is called so."""
NOTHING = frozenset(name(word) for word in "none,n/a,na,tbd,nothing,-,–,no actions,אין,לא נדרש,ללא".split(","))
_PERCENT = re.compile(r"(\d{1,3})(?:\.\d+)?\s*%")
_NUMBER_SIGNS = {"#", "№", "מס'", "מס׳", "מס."}


def says_something(cell: str) -> bool:
    """Whether a cell is neither empty nor a dash or a word for none; “??” says that there is something."""
    return bool(cell.strip(" -–—")) and (not name(cell) or name(cell) not in NOTHING)


@lru_cache(4096)
def column(heading: str, *, quick: bool = False) -> tuple[str, Confidence] | None:
    """The field that a column with this heading holds, and how surely; None where the heading does not tell. `quick`:
    without looking for what is only alike, which takes milliseconds."""
    if heading.strip() in _NUMBER_SIGNS:
        return "number", "exact"
    wanted = name(heading)
    if found := COLUMNS.get(wanted) or COLUMNS.get(name(heading.replace("/", " ").replace("(", " ").replace(")", " "))):
        return found, "exact"
    if not wanted or len(wanted) > 60:
        return None
    return _near(wanted, heading, quick=quick)


def _near(wanted: str, heading: str, *, quick: bool) -> tuple[str, Confidence] | None:
    for half in re.split(r"[/|\n–]| - ", heading):
        if field := COLUMNS.get(name(half)):
            return field, "near"
    if field := COLUMNS.get(_ARTICLE.sub("", wanted)):
        return field, "near"
    if phrase := _held(wanted, {phrase: field for phrase, field in COLUMNS.items() if _leads(wanted, phrase)}):
        return COLUMNS[phrase], "near"
    if not quick and len(wanted) > 4 and (close := difflib.get_close_matches(wanted, COLUMNS, 1, 0.88)):
        return COLUMNS[close[0]], "near"
    return None


def _leads(wanted: str, phrase: str) -> bool:
    """Whether a heading is about the phrase: of several words, or its noun – last in English, first in Hebrew."""
    if " " in phrase:
        return True
    return phrase in _NOUNS and (wanted.startswith(phrase) if phrase > "א" else wanted.endswith(phrase))


def section(heading: str) -> str:
    """Which part of a debrief stands under this heading; empty where it does not tell."""
    wanted = name(heading)
    if len(wanted) > 120:
        return ""
    if found := SECTIONS.get(wanted) or SECTIONS.get(_ARTICLE.sub("", wanted)):
        return found
    for part in _AND.split(wanted):
        if found := SECTIONS.get(part.strip()):
            return found
    phrases = {phrase: field for phrase, field in SECTIONS.items() if phrase not in _ONLY_WHOLE}
    if phrase := _held(wanted, phrases):
        return phrases[phrase]
    last = wanted.rsplit(" ", 1)[-1]
    return SECTIONS.get(last, "") if last in _LAST_WORD and wanted.count(" ") < 4 else ""


def _held(wanted: str, phrases: dict[str, str]) -> str:
    """The phrase that stands in it as whole words: the one that ends last, as the noun does, then the longest."""
    padded = f" {wanted} "
    held = [
        (padded.rfind(f" {phrase} ") + len(phrase), len(phrase), phrase)
        for phrase in phrases
        if f" {phrase} " in padded
    ]
    return max(held)[2] if held else ""


@lru_cache(4096)
def status(text: str) -> Status:
    """The state that is told by this cell or remark; empty where it tells none that is known."""
    if sign := _SIGNS.get(text.strip()):
        return sign
    if percent := _PERCENT.fullmatch(text.strip()):
        return "done" if int(percent[1]) >= 100 else "in_progress" if int(percent[1]) else "open"
    wanted = name(text)
    if found := STATUSES.get(wanted):
        return found
    if len(wanted) > 40:
        return ""
    words = wanted.split()
    for length in range(min(3, len(words)), 0, -1):  # "Closed 12/03/2026", "בוצע - דנה": what it begins with
        if found := STATUSES.get(" ".join(words[:length])):
            return found
    return ""
