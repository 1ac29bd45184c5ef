// Bun's own server, whose sockets are those of uWebSockets: everybody subscribes to one topic.
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  idleTimeout: 0,
  async fetch(request, server) {
    if (request.method === 'POST') {
      server.publish('room', await request.text());
      return new Response(null, { status: 200 });
    }
    return server.upgrade(request) ? undefined : new Response(null, { status: 400 });
  },
  websocket: {
    idleTimeout: 0,
    open: (socket) => socket.subscribe('room'),
    message: () => {},
  },
});
console.log(server.port);
