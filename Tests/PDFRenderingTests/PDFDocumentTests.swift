#if PDF
  import Foundation
  import PDFRendering
  import Plotting
  import Testing

  @Suite struct PDFDocumentTests {
    private func figure(title: String = "PSNR") -> Chart {
      let points = (1...5).map {
        Chart.Point(x: Double($0), y: 25 + 3 * Double($0), tooltip: "point \($0)")
      }
      let band = (1...5).map { x in
        Chart.BandPoint(x: Double(x), y: (24 + 3 * Double(x))...(26 + 3 * Double(x)))
      }
      return Chart(
        name: "psnr_db", title: title, summary: "",
        xAxis: Chart.Axis(label: "Rate", domain: 0...5.2),
        yAxis: Chart.Axis(label: "PSNR", domain: 25...42),
        panels: [
          Chart.Panel(series: [
            Chart.Series(label: "jpeg", style: CurveStyle(index: 1), points: points, band: band)
          ])
        ])
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `the same figure gives the same bytes, without a date`() throws {
      let svg = figure().svg()
      let first = try PDFDocument.render(svg: svg, title: "PSNR")
      Thread.sleep(forTimeInterval: 1.1)
      let second = try PDFDocument.render(svg: svg, title: "PSNR")
      #expect(first == second)
      #expect(text(first).hasPrefix("%PDF-1."))
      #expect(!text(first).contains("CreationDate") && !text(first).contains("ModDate"))
      #expect(text(first).contains("/Title (PSNR)") && text(first).contains("/Creator (rdbench)"))
    }

    @Test func `the page has the size of the figure`() throws {
      let svg = figure().svg(style: ChartStyle(width: Length(3.5, .inches), showsTitle: false))
      let page = text(try PDFDocument.render(svg: svg, title: ""))
      let box = try #require(page.firstMatch(of: /MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]/))
      #expect(abs(try #require(Double(box.1)) - 252) < 0.01)
      let viewBox = try #require(svg.firstMatch(of: /viewBox="0 0 252 ([0-9.]+)"/))
      // The height in inches has two digits.
      #expect(abs(try #require(Double(box.2)) - #require(Double(viewBox.1))) < 0.4)
    }

    @Test func `fonts are embedded and nothing is a picture`() throws {
      let page = text(try PDFDocument.render(svg: figure().svg(), title: ""))
      #expect(page.contains("/FontFile"))
      #expect(!page.contains("/Subtype /Image"))
    }

    @Test func `what is no SVG is an error with the library's words`() {
      for svg in ["", "<svg", "<html/>"] {
        #expect(throws: PDFRenderingError.self) {
          try PDFDocument.render(svg: svg, title: "")
        }
      }
    }
  }
#endif
