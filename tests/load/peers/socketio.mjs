// socket.io, alone or with other processes by its adapter for Redis, at the address given.
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { listen, posted } from './post.mjs';

const server = posted((body) => io.emit('rows', JSON.parse(body.toString())));
const io = new Server(server, { transports: ['websocket'] });
const [address] = process.argv.slice(2);
if (address !== undefined) {
  const tell = createClient({ url: address });
  const hear = tell.duplicate();
  await Promise.all([tell.connect(), hear.connect()]);
  io.adapter(createAdapter(tell, hear));
}
listen(server);
