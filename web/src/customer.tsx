/** The customer's page. */
import { render } from "preact";

function Customer() {
  return <p>Wicketgate</p>;
}

const place = document.getElementById("app");
if (place) render(<Customer />, place);
