/**
 * Keeps the page as tall as what is in sight.
 *
 * iOS never resizes the layout viewport for its keyboard (https://webkit.org/b/259770); this can go when it takes
 * `interactive-widget=resizes-content`.
 */
export function followViewport(page: Window): void {
  const { visualViewport, document } = page;
  if (!visualViewport) return;
  const follow = () => {
    const { style } = document.documentElement;
    // Under pinch zoom the viewport shrinks as well, and the page must not.
    const zoomed = visualViewport.scale > 1.01;
    if (zoomed) return;
    style.setProperty("--visible-height", `${Math.round(visualViewport.height)}px`);
    style.setProperty("--visible-top", `${Math.round(visualViewport.offsetTop)}px`);
  };
  visualViewport.addEventListener("resize", follow);
  visualViewport.addEventListener("scroll", follow);
  follow();
}
