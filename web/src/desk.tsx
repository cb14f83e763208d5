/** The partner's desk. */
import { render } from "preact";

function Desk() {
  return <p>Wicketgate desk</p>;
}

const place = document.getElementById("app");
if (place) render(<Desk />, place);
