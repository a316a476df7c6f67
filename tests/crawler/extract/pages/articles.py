"""Articles invented for the tests: no place, person or figure in them is real."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Invented:
    """One article. ``day`` is ``YYYY-MM-DD``; ``lead`` and ``paragraphs`` are its text."""

    slug: str
    language: str
    title: str
    author: str
    day: str
    lead: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join((self.lead, *self.paragraphs))


VIETNAMESE = (
    Invented(
        "cau-treo",
        "vi",
        "Xã Tân Hòa khánh thành cầu treo thay bến đò cũ",
        "Lê Hoài Thu",
        "2021-03-18",
        "Sáng 18/3, xã Tân Hòa khánh thành cây cầu treo dài 84 mét nối hai bờ suối Lớn, thay bến đò đã dùng hơn bốn mươi năm.",
        (
            "Cầu rộng hai mét, tải trọng ba tấn, do nhân dân góp 1,2 tỷ đồng và ngân sách huyện hỗ trợ phần còn lại. Công trình làm trong bảy tháng, chậm một tháng so với kế hoạch vì nước lên sớm.",
            "Trước đây mỗi mùa lũ, hơn hai trăm học sinh của ba thôn bên kia suối phải nghỉ học từ năm đến mười ngày. Trường tiểu học đã bố trí lại giờ vào lớp để các em kịp qua cầu.",
            "Ông Trần Văn Bính, người lái đò ba mươi năm, được xã nhận làm tổ trưởng tổ quản lý cầu, trông việc hạn chế xe tải và thắp đèn ban đêm.",
            "Xã dự kiến mở thêm tám trăm mét đường bê tông từ đầu cầu về chợ trong năm nay, kinh phí lấy từ nguồn xây dựng nông thôn mới.",
        ),
    ),
    Invented(
        "bo-may",
        "vi",
        "Huyện Phú Lâm sắp xếp lại bảy đơn vị sự nghiệp",
        "Nguyễn Thị Vân",
        "2020-11-05",
        "Hội nghị sơ kết ngày 5/11 của huyện Phú Lâm cho thấy bảy đơn vị sự nghiệp đã gộp thành bốn, giảm mười hai cán bộ quản lý.",
        (
            "Trung tâm Văn hóa, Đài Truyền thanh và Thư viện huyện nay là một đơn vị; nhà cửa, xe và máy móc được kiểm kê và bàn giao trong tháng Chín.",
            "Theo báo cáo, chi thường xuyên chín tháng giảm 1,9 tỷ đồng, trong đó phần lớn là điện, xăng xe và phụ cấp chức vụ.",
            "Nhiều ý kiến cho rằng việc gộp làm chậm giải quyết giấy tờ trong hai tháng đầu, vì con dấu và tài khoản mở muộn so với quyết định.",
            "Huyện yêu cầu các đơn vị công khai danh mục thủ tục tại bộ phận một cửa trước ngày 30 tháng 11 và trả lời kiến nghị trong năm ngày làm việc.",
            "Năm tới, huyện rà soát tiếp các trạm bơm và ban quản lý chợ, không sắp xếp trường học ở các xã vùng cao.",
        ),
    ),
    Invented(
        "lua-huu-co",
        "vi",
        "Lúa hữu cơ vụ đầu ở Bình Sơn được mùa nhưng khó bán",
        "Phạm Minh Tuấn",
        "2019-06-12",
        "Vụ lúa hữu cơ đầu tiên trên cánh đồng 38 héc-ta của hợp tác xã Bình Sơn đạt 5,1 tấn một héc-ta, cao hơn dự tính nửa tấn.",
        (
            "Nông dân dùng phân chuồng ủ và chế phẩm vi sinh, không phun thuốc trừ cỏ; công làm cỏ tay tăng gần gấp đôi so với ruộng bên cạnh.",
            "Giá hợp đồng với công ty thu mua cao hơn lúa thường một nghìn hai trăm đồng một cân, song công ty chỉ nhận sáu phần mười sản lượng vì kho lạnh chưa xong.",
            "Chủ nhiệm hợp tác xã cho biết số còn lại đang được sấy và gửi ở kho của xã, chi phí ba trăm đồng một cân mỗi tháng.",
            "Phòng Nông nghiệp huyện sẽ mời thêm hai đơn vị thu mua trước vụ mùa và hỗ trợ cấp giấy chứng nhận trong tháng Tám.",
        ),
    ),
    Invented(
        "nuoc-sach",
        "vi",
        "Nhà máy nước Đông Hải cấp nước cho bốn xã ven biển",
        "Đỗ Quang Huy",
        "2022-08-27",
        "Từ ngày 27/8, hơn chín nghìn hộ của bốn xã ven biển huyện Đông Hải có nước máy, kết thúc mười lăm năm dùng nước giếng nhiễm mặn.",
        (
            "Nhà máy lấy nước từ hồ Khe Vàng cách đó mười bảy cây số, công suất sáu nghìn mét khối một ngày đêm, giá nước sinh hoạt bảy nghìn tám trăm đồng một khối.",
            "Hộ nghèo được miễn phí lắp đồng hồ; các hộ khác đóng một triệu hai trăm nghìn đồng, trả dần trong sáu tháng.",
            "Trong tuần đầu, hai đoạn ống ở xã Hải Lộc bị vỡ vì xe chở cát; đơn vị thi công đã thay và đặt biển hạn chế tải trọng.",
            "Trung tâm Y tế huyện lấy mẫu nước mỗi tháng một lần và dán kết quả ở nhà văn hóa các thôn.",
        ),
    ),
    Invented(
        "thu-vien",
        "vi",
        "Thư viện lưu động về với học sinh vùng cao Sơn Thủy",
        "Hoàng Thị Mai",
        "2023-10-02",
        "Chiếc xe thư viện của tỉnh chở ba nghìn cuốn sách đã đi hết mười một điểm trường của huyện Sơn Thủy trong tháng Chín.",
        (
            "Mỗi điểm trường xe dừng hai ngày, học sinh được mượn ba cuốn và trả ở chuyến sau; thầy cô giữ sổ mượn thay cho thẻ.",
            "Sách tranh và truyện cổ tích được mượn nhiều nhất, sách kỹ thuật trồng rừng lại được phụ huynh hỏi nhiều hơn dự kiến.",
            "Đường vào hai điểm trường Khe Ngang và Nà Pán còn lầy, xe phải gửi lại và sách được gùi bộ bốn cây số.",
            "Sở Văn hóa cho biết năm sau sẽ có thêm một xe nhỏ hai cầu, chở tám trăm cuốn, dành riêng cho đường núi.",
        ),
    ),
    Invented(
        "tai-dinh-cu",
        "vi",
        "Khu tái định cư Cồn Me giao đất đợt hai cho 46 hộ",
        "Vũ Đức Anh",
        "2018-12-14",
        "Chiều 14/12, Ban Quản lý dự án giao đất đợt hai cho 46 hộ phải dời khỏi bờ sông sạt lở tại khu tái định cư Cồn Me.",
        (
            "Mỗi hộ nhận một lô 120 mét vuông, đã có điện, nước và đường bê tông; tiền hỗ trợ làm nhà 40 triệu đồng được chuyển trước Tết.",
            "Các hộ bốc thăm vị trí trước sự chứng kiến của mặt trận xã; bảy hộ xin đổi lô vì người già đi lại khó đã được giải quyết tại chỗ.",
            "Bờ sông đoạn qua xóm Cồn Me bị sạt mười hai mét trong mùa lũ vừa qua, cuốn theo ba căn nhà không người ở.",
            "Đợt ba dành cho 31 hộ còn lại, dự kiến vào tháng Sáu, sau khi huyện san lấp xong phần ao phía đông.",
        ),
    ),
)

ENGLISH = (
    Invented(
        "harbour-crane", "en", "Harbour Council Votes to Keep the Last Steam Crane", "Miriam Oakes", "2022-05-09",
        "The council of Port Ellery voted nine to four on Monday to keep the town's last steam crane on the north quay instead of selling it for scrap.",
        (
            "The crane, built in 1911, has not lifted a load since 1978. A survey in March found its boiler beyond repair but its frame sound enough to stand for another thirty years.",
            "Restoring the paint and the cab will cost an estimated 140,000 crowns, of which a local trust has raised a third. The rest will come from the parking fees of the quay.",
            "Councillor Dennis Arrow, who voted against, called the decision \"a bill we hand to our grandchildren\" and asked for a yearly report on the costs.",
            "Work is to begin in September, after the swifts that nest under the jib have left. Visitors will be able to climb to the cab on the first Sunday of each month.",
        ),
    ),
    Invented(
        "bus-lanes", "en", "Night Buses Return to Tarrow After Eleven Years", "Samuel Priddy", "2023-11-21",
        "Night buses will run again between Tarrow and the hospital from the first of December, eleven years after the last one was cut.",
        (
            "Two routes will leave the market square every forty minutes from eleven in the evening until five in the morning. A ticket costs the same as by day.",
            "The operator expects some three hundred passengers a night, most of them nurses, bakers and staff of the paper mill, who have shared taxis until now.",
            "Drivers' representatives welcomed the plan but asked for a heated waiting room at the hospital terminus, where shifts change at two.",
            "The county pays half of the costs for two years. If fewer than two hundred people a night ride by then, the contract ends without notice.",
            "A map of the stops hangs at the town hall, and the first week is free of charge.",
        ),
    ),
    Invented(
        "orchard-frost", "en", "Growers Count the Cost of a Late Frost in the Wenn Valley", "Ada Lindqvist", "2021-04-30",
        "Apple growers in the Wenn Valley say a single night of frost last week has cost them up to sixty per cent of this year's blossom.",
        (
            "Temperatures fell to minus five degrees in the hollow between Upper Wenn and the weir, the lowest reading at the end of April since measurements began there in 1952.",
            "Those who could sprinkled their trees with water, so that a coat of ice would protect the buds. Others lit straw, though the smoke drifted off with the wind before dawn.",
            "Young trees on the slopes came through almost unharmed. \"Plant high, my father used to say, and I planted low because it was nearer to the road,\" said Jonas Veld, who keeps nine hectares.",
            "The growers' cooperative will decide in May whether it asks the province for help, as it did after the hail of 2014.",
        ),
    ),
    Invented(
        "library-bees", "en", "The Library That Lends Out Beehives", "Rosa Tennant", "2020-07-16",
        "Readers of the Millbrook library can borrow a beehive for a season, complete with bees, a veil and the telephone number of a patient volunteer.",
        (
            "The scheme began with two hives behind the reading room. This summer there are fourteen, and a waiting list of sixty names that the librarian keeps in a card index.",
            "Borrowers return the hive in October together with a jar of honey for the shelf by the entrance, where the years stand in a row from pale to dark.",
            "Not every hive comes back full. One was lost to wasps, another to a neighbour who painted a fence in July, and nobody was fined for either.",
            "Asked whether the books suffer, the librarian says that loans of anything with a bee on its cover have doubled.",
        ),
    ),
    Invented(
        "tide-mill", "en", "Tide Mill Grinds Again After a Two-Year Repair", "Peter Hallam", "2024-02-03",
        "The tide mill at Saltby ground its first flour in two years on Saturday, after carpenters replaced the main shaft and forty-eight of its cogs.",
        (
            "The mill works twice a day, as long as the pond holds water after high tide. On Saturday that gave it three hours and ten minutes, and eleven sacks.",
            "Oak for the shaft came from a wood two valleys away and was left to season in the mud of the creek, as the builders of 1740 had done.",
            "The miller, Joan Farrow, will open the doors on weekends from Easter. School classes may come on weekdays if they bring boots.",
            "A new sluice, which would keep the pond full for an hour longer, is still waiting for a permit from the river board.",
        ),
    ),
)  # fmt: skip
ARTICLES = VIETNAMESE + ENGLISH
