import { mount } from 'svelte';
import { openRoom } from '../../lib/room.svelte';
import '../../ui/font.css';
import '../../ui/app.css';
import './sitrep.css';
import Page from './Page.svelte';

const target = document.querySelector('#app');
if (target) mount(Page, { target, props: { room: openRoom('sitrep') } });
