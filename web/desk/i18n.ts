// The frame's own words; panels bring theirs.
export const frameWords = {
  en: {
    as_of: "Day under work", known_by: "Known by", known_all: "all that is known by the end of the day under work", approved: "Approved", start: "Start", approved_by: "The map of {day}, approved by {by}", start_means: "The map to begin from: nothing is approved yet", draft: "Draft", shown: "What the map shows",
    editor: "Your name", editor_hint: "name or pseudonym on decisions", help: "Keys", close: "Close", theme: "Light or dark", language: "Switch language", tabs: "Panels", map: "Map of the theatre; arrows pan, plus and minus zoom",
    private_means: "Everything here stays on this machine until it is published.", simulated_means: "Invented evidence, in this theatre.",
    anywhere: "Everywhere", go_to: "Go to {panel}", help_says: "Show or hide the keys", focus_map: "Go to the map", focus_panel: "Back to the panel", toggle_draft: "Approved map or draft", day_back: "A day earlier", day_on: "A day later",
    working: "{work} ({seconds} s)", lines: "{n} entries in the ledger", offline: "The desk does not answer: is `isofront desk` still running?", no_panel: "No panel is installed.",
    no_webgl: "This browser cannot draw the map (no WebGL); all else works.", credit: "PRIVATE: not for navigation, evacuation or targeting", said: "What happened last", panel: "Panel",
  },
  uk: {
    as_of: "День у роботі", known_by: "Відомо до", known_all: "усе, що відомо до кінця дня у роботі", approved: "Затверджена", start: "Початкова", approved_by: "Карта на {day}, затвердив(ла) {by}", start_means: "Карта, з якої почали: ще нічого не затверджено", draft: "Чернетка", shown: "Що показує карта",
    editor: "Ваше ім'я", editor_hint: "ім'я чи псевдонім під рішеннями", help: "Клавіші", close: "Закрити", theme: "Світла чи темна", language: "Змінити мову", tabs: "Панелі", map: "Карта театру; стрілки рухають, плюс і мінус змінюють масштаб",
    private_means: "Усе тут лишається на цьому комп'ютері, доки його не опубліковано.", simulated_means: "Вигадані свідчення у цьому театрі.",
    anywhere: "Усюди", go_to: "Перейти: {panel}", help_says: "Показати чи сховати клавіші", focus_map: "До карти", focus_panel: "Назад до панелі", toggle_draft: "Затверджена карта чи чернетка", day_back: "На день раніше", day_on: "На день пізніше",
    working: "{work} ({seconds} с)", lines: "записів у журналі: {n}", offline: "Стіл не відповідає: чи працює ще `isofront desk`?", no_panel: "Жодної панелі не встановлено.",
    no_webgl: "Цей браузер не може намалювати карту (немає WebGL); усе інше працює.", credit: "PRIVATE: не для навігації, евакуації чи наведення", said: "Що сталося щойно", panel: "Панель",
  },
} as const;
