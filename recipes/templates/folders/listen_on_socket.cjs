'use strict';
// Loaded before a program of Node.js: the first port that it listens on becomes the Unix socket of this launch.
const fs = require('node:fs');
const net = require('node:net');

const path = process.env.TUNEL_SOCKET;
const listen = net.Server.prototype.listen;

/** null: the program asks for no TCP port. */
function withoutPort(args) {
  const [first] = args;
  const rest = args.filter((arg) => typeof arg === 'function');
  if (first === undefined || first === null || typeof first === 'function') return rest;
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) return rest;
  if (typeof first === 'object' && first.path === undefined && first.fd === undefined && 'port' in first) return rest;
  return null;
}

/** A socket that was left behind is removed by whoever starts the program; one that is there belongs to another process of it. */
const isTaken = () => fs.existsSync(path);

if (path) {
  net.Server.prototype.listen = function listenOnSocket(...args) {
    const rest = withoutPort(args);
    if (rest === null || isTaken()) return listen.apply(this, args);
    const before = process.umask(0o077);
    try {
      return listen.call(this, path, ...rest);
    } finally {
      process.umask(before);
    }
  };
  const address = net.Server.prototype.address;
  // Programs print the port of what they listen on.
  net.Server.prototype.address = function addressOfServer() {
    const found = address.call(this);
    return found === path ? { address: '127.0.0.1', family: 'IPv4', port: Number(process.env.PORT) || 80 } : found;
  };
}
