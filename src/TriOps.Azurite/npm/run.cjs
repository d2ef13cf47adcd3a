// Runs Azurite in this process: node run.cjs <azurite's main file> <azurite's arguments…>
// Standard input is a pipe from the parent. When it closes, because the parent asks for it or has died, Azurite ends in order and saves its state.
// Ctrl-C in a terminal reaches every process of the group; here it is ignored, so that the parent can finish its writes before it closes the pipe.
'use strict';

const once = process.once.bind(process);
process.once = (name, listener) => (name === 'SIGINT' ? process : once(name, listener));
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

// A parent that was killed has closed the output's pipes too. What Azurite says at its end then fails (EPIPE), which nobody must take for a reason to leave unsaved.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

// Azurite saves once its servers have closed, and those wait for their clients' connections.
const server = require('http').Server.prototype;
const close = server.close;
server.close = function (...args) {
  const closing = close.apply(this, args);
  setTimeout(() => this.closeAllConnections(), 1000);
  return closing;
};

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  if (!process.emit('SIGTERM')) process.exit(0); // Not started yet: there is nothing to save.
  setTimeout(() => process.exit(0), 14000).unref();
}
process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();

process.argv.splice(1, 1);
require(process.argv[1]);
