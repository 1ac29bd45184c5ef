import { mount } from 'svelte';
import { Room } from '../../lib/room.svelte';
import { deskRows } from '../../lib/wire/rows';
import '../../ui/font.css';
import '../../ui/app.css';
import './desk.css';
import Page from './Page.svelte';

const target = document.querySelector('#app');
if (target) mount(Page, { target, props: { room: new Room('desk', deskRows) } });
