// What all of these servers share: what is posted to /publish is handed on, and the port is told when it is there.
import { createServer } from 'node:http';

/** Returns an HTTP server that hands on each body posted to it, and answers when that is done. */
export function posted(handOn) {
  return createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      if (request.method === 'POST' && request.url === '/publish') {
        handOn(Buffer.concat(parts));
      }
      response.writeHead(200, { 'content-length': '0' }).end();
    });
  });
}

/** Listens on a port that is free, and tells it. Many sockets come at once, so many may wait. */
export function listen(server) {
  // A connection that rests between two messages is not closed.
  server.keepAliveTimeout = 0;
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
    console.log(server.address().port);
  });
}
