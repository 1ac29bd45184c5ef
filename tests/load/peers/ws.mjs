// Node's `ws`, as its documents show a broadcast: everybody gets what is posted.
import { WebSocket, WebSocketServer } from 'ws';
import { listen, posted } from './post.mjs';

const server = posted((body) => {
  for (const client of sockets.clients) {
    if (client.readyState === WebSocket.OPEN) {
      client.send(body, { binary: false });
    }
  }
});
const sockets = new WebSocketServer({ server });
// A connection that is reset is no reason to end.
sockets.on('connection', (socket) => socket.on('error', () => {}));
listen(server);
