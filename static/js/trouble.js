// Says on the page, and leaves it there, when a request did not reach the server or was refused.

const MESSAGES = {
  403: "Thao tác không được phép hoặc trang đã mở quá lâu. Hãy tải lại trang rồi thử lại.",
  404: "Không tìm thấy nội dung cần mở. Hãy tải lại trang.",
  413: "Nội dung gửi lên quá lớn.",
  429: "Thao tác quá nhanh. Hãy chờ một phút rồi thử lại.",
  503: "Hệ thống đang bận hoặc bảo trì. Hãy chờ một phút rồi thử lại.",
};
const NO_NETWORK = "Không kết nối được máy chủ. Nội dung vừa nhập chưa được lưu. Hãy kiểm tra mạng rồi thử lại.";
const UNKNOWN = "Có lỗi trên máy chủ. Hãy thử lại; nếu vẫn lỗi, hãy báo bộ phận hỗ trợ.";

export function startTrouble() {
  const place = document.querySelector("[data-page-alert]");
  if (!place) {
    return;
  }
  const isQuiet = (event) => event.detail.elt?.closest("[data-own-errors]");
  document.addEventListener("htmx:sendError", (event) => isQuiet(event) || say(place, NO_NETWORK));
  document.addEventListener("htmx:timeout", (event) => isQuiet(event) || say(place, NO_NETWORK));
  document.addEventListener("htmx:responseError", (event) => {
    if (!isQuiet(event)) {
      say(place, MESSAGES[event.detail.xhr.status] || UNKNOWN);
    }
  });
  document.addEventListener("htmx:afterOnLoad", () => place.replaceChildren());
}

function say(place, text) {
  const box = document.createElement("div");
  const body = document.createElement("p");
  box.className = "alert alert-bad";
  body.className = "alert-body";
  body.textContent = text;
  box.append(body);
  place.replaceChildren(box);
}
