/** Close codes and their reasons; a test holds this table equal to the gateway's own. */

const CLOSE_REASONS = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no status',
  1006: 'abnormal closure',
  1007: 'invalid payload data',
  1008: 'policy violation',
  1009: 'message too big',
  3000: 'connection closed',
  3001: 'shutdown',
  3004: 'internal server error',
  3005: 'connection expired',
  3006: 'subscription expired',
  3008: 'slow',
  3009: 'write error',
  3010: 'insufficient state',
  3011: 'force reconnect',
  3012: 'no pong',
  3013: 'too many requests',
  3014: 'state invalidated',
  3500: 'invalid token',
  3501: 'bad request',
  3502: 'stale',
  3503: 'force disconnect',
  3504: 'connection limit',
  3505: 'channel limit',
  3506: 'inappropriate protocol',
  3507: 'permission denied',
  3508: 'not available',
  3509: 'too many errors',
};

export function closeReason(code) {
  return CLOSE_REASONS[code] ?? null;
}

/** What a published SDK does after the code; below 3000 the range says nothing. */
export function clientAfter(code) {
  if (!(code >= 3000 && code < 5000)) {
    return null;
  }
  return code % 1000 >= 500 ? 'stays away' : 'reconnects';
}
