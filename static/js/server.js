// Sends a form's values and says in one word what became of them; never throws.

const PATIENCE = 15000;

export async function send(url, values) {
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(values),
      headers: { Accept: "application/json" },
      redirect: "manual",
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await meaning(response);
  } catch {
    return { kind: "offline" };
  }
}

async function meaning(response) {
  if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
    return { kind: "signed_out" };
  }
  if (response.status === 404) {
    return { kind: "locked", message: "Không mở được báo cáo này nữa. Tải lại trang." };
  }
  if (response.status >= 500 || response.status === 429) {
    return { kind: "offline" };
  }
  return await response.json();
}

// After signing in again in another tab the old token is refused: read the new one from this page.
export async function renewToken(form) {
  try {
    const response = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) {
      return false;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector(`form[data-user="${form.dataset.user}"] [name=csrfmiddlewaretoken]`);
    if (!fresh) {
      return false;
    }
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
      field.value = fresh.value;
    }
    return true;
  } catch {
    return false;
  }
}

export function signInLink(form) {
  const link = document.createElement("a");
  const here = location.pathname + location.search;
  link.href = `${form.dataset.signIn}?next=${encodeURIComponent(here)}`;
  link.textContent = "Đăng nhập lại";
  return link;
}
