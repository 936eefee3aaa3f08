import { count } from '../shared/format.ts';

interface OtherEngine {
  version: string;
  liveInstances: number;
}

/** What a user should know before the engine of another version is ended; it can be shared only with its own version. */
export function describeReplacement({ version, liveInstances }: OtherEngine, own: string) {
  const apps =
    liveInstances === 0 ? '' : ` ${count(liveInstances, 'app')} ${liveInstances === 1 ? 'keeps' : 'keep'} running.`;
  return {
    message: `Tunel ${version} is running in the background`,
    detail: `This window is Tunel ${own}, and two versions cannot share one engine. If it is replaced, its connections and tunnels close and you sign in again.${apps}`,
    buttons: ['Replace it', 'Wait until it ends'],
  };
}
