import { mount } from 'svelte';
import '../../ui/app.css';
import Join from './Join.svelte';

const target = document.getElementById('app');
// The secret leaves the address at once: neither history nor a look over the shoulder keeps it.
const secret = decodeURIComponent(location.hash.slice(1));
history.replaceState(null, '', location.pathname);
if (target) mount(Join, { target, props: { secret } });
