import { mount } from 'svelte';
import { openKeep } from '../../lib/keep-disk';
import { openRoom } from '../../lib/room.svelte';
import '../../ui/app.css';
import './font.css';
import './phone.css';
import { askToKeep, awaitInstall } from './more/install.svelte';
import Phone from './Phone.svelte';
import { installWorker } from './worker';

const target = document.getElementById('app');
awaitInstall();
if (target) mount(Phone, { target, props: { room: openRoom('phone', () => openKeep('phone')) } });
void installWorker();
void askToKeep();
