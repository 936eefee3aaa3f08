import './zod-setup.ts';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './styles/base.css';
import './styles/utilities.css';
import './styles/mantine.css';
import './styles/forced-colors.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startMirror } from './store.ts';

startMirror();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(<App />);
