// Written by build.mjs: the MapLibre worker, gzipped, in base64.
declare module "worker-text" {
  const packed: string;
  export default packed;
}
