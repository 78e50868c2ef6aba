import type { ReactNode } from 'react';
import { Logo } from '../../app/Logo';
import { text } from '../../text/en';

/** What a page before login stands in. */
export function LoginFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="nv-login">
      <div className="nv-login__box">
        <div className="nv-brand">
          <Logo />
          <span className="nv-brand__name">{text.product}</span>
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
