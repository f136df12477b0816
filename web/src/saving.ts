// The view as a file for the reader: a picture, or a drawing in layers.
import type { Document, Sheet } from "./data";
import { byId } from "./dom";
import { drawing } from "./drawing";
import type { Project } from "./drawing_marks";
import type { WarMap } from "./map";
import type { Palette } from "./palette";
import { picture, save } from "./picture";
import { caption, fileName } from "./share";
import type { State } from "./state";

/** What is on the screen as it is saved. */
export interface Shown {
  readonly data: Document;
  readonly sheet: Sheet;
  readonly state: State;
  readonly colours: Palette;
  readonly map: WarMap;
}

const pictureOf = ({ data, sheet, state, colours, map }: Shown): Promise<Blob> =>
  picture(map.gl, caption(data, sheet, state), colours);

/** A drawing holds the map alone, not what differs from another one. */
function drawingOf({ data, sheet, state, colours, map: { gl } }: Shown): Blob {
  const { clientWidth: width, clientHeight: height } = gl.getContainer();
  const project: Project = ([lon = 0, lat = 0]) => {
    const { x, y } = gl.project([lon, lat]);
    return [x, y];
  };
  const { layers, language } = state;
  const words = caption(data, sheet, { ...state, differences: false });
  const text = drawing({ data, sheet, layers, language, colours, project, width, height, caption: words });
  return new Blob([text], { type: "image/svg+xml" });
}

/** Make a file of the view and hand it to the reader; its button waits meanwhile. */
async function handOver(id: string, kind: string, shown: Shown, make: (shown: Shown) => Blob | Promise<Blob>) {
  const button = byId(id) as HTMLButtonElement;
  button.disabled = true;
  try {
    save(await make(shown), `${fileName(shown.data, shown.sheet)}.${kind}`);
  } finally {
    button.disabled = false;
  }
}

export const savePicture = (shown: Shown): Promise<void> => handOver("picture", "png", shown, pictureOf);

export const saveDrawing = (shown: Shown): Promise<void> => handOver("drawing", "svg", shown, drawingOf);
