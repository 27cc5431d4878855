import { computed } from '@preact/signals';
import { calmRevision, link, record, standing } from './state.js';

/** How the run stands, as far as the server tells: badge, buttons and rows follow this alone. */
export type RunStanding =
  | 'loading'
  | 'reconnecting'
  | 'no connection'
  | 'live'
  | 'paused'
  | 'stopped'
  | 'ended'
  | 'cut off';

export const runStanding = computed<RunStanding>(() => {
  calmRevision.value;
  const { live, caughtUp } = standing.value;
  // What has ended stays ended, whether its server is still there or not.
  if (record.ended !== undefined) {
    const isStopped = record.ended.methods.some(({ outcome }) => outcome.kind === 'stopped');
    return isStopped ? 'stopped' : 'ended';
  }
  if (link.value === 'reconnecting') return 'reconnecting';
  if (link.value === 'refused') return 'no connection';
  if (link.value === 'connecting' || !caughtUp) return 'loading';
  if (!live) return 'cut off';
  return record.paused ? 'paused' : 'live';
});

/** Whether steps are being taken now. */
export const isRunning = computed(() => runStanding.value === 'live');
/** Whether the run may still take steps. */
export const isUnderWay = computed(() => runStanding.value === 'live' || runStanding.value === 'paused');
