import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { AppError } from '../../electron/shared/errors.ts';
import { attempt } from '../attempt.ts';
import { invoke } from '../bridge.ts';
import { useStore } from '../store.ts';
import { ui } from '../ui-store.ts';
import css from './crash.module.css';
import empty from './empty.module.css';
import { ErrorNote } from './error-note.tsx';

/** Without it a mistake in any part of the page leaves an empty window. The engine and all apps keep running. */
export class Crash extends Component<{ children: ReactNode }, { error: AppError | null }> {
  override state: { error: AppError | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: AppError.from(error) };
  }

  /** A view lies above the page, and would hide what is said here. */
  override componentDidCatch() {
    if (useStore.getState().views.selected === null) return;
    void attempt('The view did not make room', invoke('views.select', { viewId: null }));
  }

  #again = () => {
    ui.beginAnew();
    this.setState({ error: null });
  };

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className={`${empty.empty} ${css.crash}`}>
        <h1>This page stopped</h1>
        <p>This is a fault in Tunel. Your apps keep running, and nothing is lost.</p>
        <ErrorNote error={error} evidence={error.stack} alert />
        <Button variant="filled" onClick={this.#again}>
          Go to running apps
        </Button>
      </main>
    );
  }
}
