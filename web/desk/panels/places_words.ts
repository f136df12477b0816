// The words of "places".
export const placesWords = {
  en: {
    title: "Places and imagery", search: "Find a place", search_hint: "Any spelling: Шахтарська, shahtarskaya …", settlement: "settlement", nothing_found: "Nothing sounds like it here.", found: "{n} found",
    imagery: "Imagery", imagery_says: "Your own, under the map. Off each time the desk is opened. A tile server sees where you look; a file on this machine tells nobody.", off: "Off", goes_to: "asks {host}: it sees where you look", from_disk: "from this machine", outside: "lies outside this theatre", added: "{name} is added: turn it on above", shown: "{name} is shown", all_off: "Imagery is off", over: "The map's colours over it",
    address: "Tile address or path of an MBTiles, PMTiles or GeoTIFF file", name: "Name", add: "Add", remove: "Remove {name}",
    layers: "Your own places", layers_say: "Streets, quarters, mines, heights, tree lines. They are searched, named in proposals, and the line can be laid along them. They stay in the theatre's private folder.", load: "Load GeoJSON, GeoPackage, KML or CSV", places: "{n} places", loaded: "{n} places loaded; {lost} features had no name or no use", too_large: "{name} is larger than 48 MB",
  },
  uk: {
    title: "Місця та знімки", search: "Знайти місце", search_hint: "Як завгодно: Шахтарська, shahtarskaya …", settlement: "поселення", nothing_found: "Тут нічого схожого немає.", found: "знайдено: {n}",
    imagery: "Знімки", imagery_says: "Ваші власні, під картою. Щоразу, як стіл відкрито, їх вимкнено. Сервер плиток бачить, куди ви дивитеся; файл на цій машині не каже нікому.", off: "Вимкнено", goes_to: "питає {host}: він бачить, куди ви дивитеся", from_disk: "з цієї машини", outside: "поза цим театром", added: "{name} додано: увімкніть вище", shown: "Показано: {name}", all_off: "Знімки вимкнено", over: "Барви карти поверх",
    address: "Адреса плиток або шлях до файлу MBTiles, PMTiles чи GeoTIFF", name: "Назва", add: "Додати", remove: "Прибрати {name}",
    layers: "Ваші власні місця", layers_say: "Вулиці, квартали, шахти, висоти, лісосмуги. Їх шукають, ними названо пропозиції, уздовж них можна вести лінію. Вони лишаються в приватній теці театру.", load: "Завантажити GeoJSON, GeoPackage, KML чи CSV", places: "місць: {n}", loaded: "Завантажено місць: {n}; без назви чи непридатних: {lost}", too_large: "{name} більший за 48 МБ",
  },
} as const;

export type PlacesKey = keyof typeof placesWords.en;
