/** The one name of the engine in a request's Host header. */
export const engineHostName = 'tunel';
/** Names the version of a client in its requests, and of the engine in its answers. */
export const versionHeader = 'tunel-version';
/** The revision of the state that shows what an answered request did. */
export const revisionHeader = 'tunel-revision';

/** `clusters.save` is asked for at `/v1/clusters/save`. */
export const requestPath = (name: string): string => `/v1/${name.replace('.', '/')}`;
export const eventsPath = '/v1/events';
/** Of one cluster; `{clusterId}`: its id or name. */
export const clusterEventsPath = '/v1/clusters/{clusterId}/events';
export const streamPath = (name: string): string => `/v1/streams/${name.replace('.', '/')}`;
export const openApiPath = '/v1/openapi.json';
