import { mount } from 'svelte';
import { keepFocus } from '../../lib/focus';
import { openRoom } from '../../lib/room.svelte';
import '../../ui/font.css';
import '../../ui/app.css';
import './wall.css';
import Page from './Page.svelte';

const target = document.querySelector('#app');
if (target) mount(Page, { target, props: { room: openRoom('wall') } });
keepFocus();
