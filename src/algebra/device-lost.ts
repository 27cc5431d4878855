/** The device that held the arrays is gone (a driver that was reset, a card taken away), and their values with it. */
export class DeviceLost extends Error {
  override readonly name = 'DeviceLost';
}
