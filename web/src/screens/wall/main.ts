import { mount } from 'svelte';
import { keepFocus } from '../../lib/focus';
import { Room } from '../../lib/room.svelte';
import { wallRows } from '../../lib/wire/rows';
import '../../ui/font.css';
import '../../ui/app.css';
import './wall.css';
import Page from './Page.svelte';

const target = document.querySelector('#app');
if (target) mount(Page, { target, props: { room: new Room('wall', wallRows) } });
keepFocus();
