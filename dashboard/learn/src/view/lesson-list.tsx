import { useEffect, useRef } from 'preact/hooks';
import { lessons } from '../model/lessons.js';
import { study } from './state.js';

/** The lessons, each a link that anyone may send. */
export function LessonList() {
  const list = useRef<HTMLOListElement>(null);
  const { id: current } = study.value.lesson;
  useEffect(() => {
    const { scrollWidth, clientWidth } = list.current!;
    if (scrollWidth <= clientWidth) return;
    const link = list.current!.querySelector<HTMLElement>('[aria-current]')!;
    list.current!.scrollLeft = link.offsetLeft - (clientWidth - link.offsetWidth) / 2;
  }, [current]);
  return (
    <nav class="lessons" aria-label="Lessons">
      <ol ref={list}>
        {lessons.map(({ id, short }, k) => (
          <li key={id}>
            <a href={`#/lesson=${id}`} aria-current={id === current ? 'page' : undefined}>
              <span class="index" aria-hidden="true">
                {id === 'play' ? '✎' : k + 1}
              </span>
              {short}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The lesson's three sentences. */
export function LessonText() {
  const { title, text } = study.value.lesson;
  return (
    <header class="lesson-text">
      <h2>{title}</h2>
      <p>{text}</p>
    </header>
  );
}
