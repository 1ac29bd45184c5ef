import { mount } from 'svelte';
import '../../ui/app.css';
import './join.css';
import AtDoor from './AtDoor.svelte';
import Join from './Join.svelte';
import OpenRoom from './OpenRoom.svelte';

const target = document.getElementById('app');
// The secret is removed from the address at once: neither the history nor an onlooker keeps it.
const secret = decodeURIComponent(location.hash.slice(1));
history.replaceState(null, '', location.pathname);
if (target) {
  if (location.pathname === '/door') mount(AtDoor, { target, props: { code: secret } });
  else if (location.pathname === '/open') mount(OpenRoom, { target, props: { secret } });
  else mount(Join, { target, props: { secret } });
}
