#if PDF
  import CLibRSVG

  /// Turns an SVG figure into a page of PDF with librsvg and Cairo.
  ///
  /// Text stays text in an embedded subset of the font that the system has for the figure's font
  /// list, and lines stay lines. The file holds no date: the same SVG gives the same bytes with the
  /// same versions of the libraries and the same fonts, which another machine need not have.
  public enum PDFDocument {
    /// Renders a figure at its own size.
    ///
    /// - Parameters:
    ///   - svg: a complete SVG document with a width and a height.
    ///   - title: the title in the document's metadata.
    /// - Returns: a complete PDF document of one page.
    /// - Throws: ``PDFRenderingError`` when librsvg cannot read the figure or Cairo cannot draw it.
    public static func render(svg: String, title: String) throws(PDFRenderingError) -> [UInt8] {
      let figure = try FigureHandle(svg: svg)
      let size = try figure.size()
      let sink = ByteSink()
      try unsafe draw(figure, size: size, title: title, on: sink.makeSurface(size))
      return sink.bytes
    }

    /// Draws on a surface, finishes it and gives it back.
    private static func draw(
      _ figure: borrowing FigureHandle, size: (width: Double, height: Double), title: String,
      on surface: OpaquePointer?
    ) throws(PDFRenderingError) {
      defer { unsafe cairo_surface_destroy(surface) }
      unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
      unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "rdbench")
      // Empty, so that Cairo does not write the time.
      unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "")
      let context = unsafe cairo_create(surface)
      defer { unsafe cairo_destroy(context) }
      try unsafe figure.render(on: context, size: size)
      unsafe cairo_surface_finish(surface)
      let status = unsafe cairo_surface_status(surface)
      guard status == CAIRO_STATUS_SUCCESS else {
        throw unsafe PDFRenderingError(message: String(cString: cairo_status_to_string(status)))
      }
    }
  }

  /// Collects what Cairo writes.
  private final class ByteSink {
    private(set) var bytes: [UInt8] = []

    /// A PDF surface that writes here; the sink must outlive it.
    ///
    /// - Parameter size: in points.
    func makeSurface(_ size: (width: Double, height: Double)) -> OpaquePointer? {
      unsafe cairo_pdf_surface_create_for_stream(
        { closure, data, count in
          guard let closure = unsafe closure else { return CAIRO_STATUS_WRITE_ERROR }
          let sink = unsafe Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
          unsafe sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(self).toOpaque(), size.width, size.height)
    }
  }

  /// The owner of a figure that librsvg has read.
  @safe private struct FigureHandle: ~Copyable {
    private let handle: UnsafeMutablePointer<RsvgHandle>

    init(svg: String) throws(PDFRenderingError) {
      let bytes = Array(svg.utf8)
      var error: UnsafeMutablePointer<GError>?
      guard
        let handle = unsafe rsvg_handle_new_from_data(bytes, gsize(bytes.count), &error)
      else { throw unsafe PDFRenderingError(taking: error) }
      unsafe self.handle = unsafe handle
      // Points: 72 to the inch.
      unsafe rsvg_handle_set_dpi(handle, 72)
    }

    deinit { unsafe g_object_unref(handle) }

    /// The width and height in points.
    func size() throws(PDFRenderingError) -> (width: Double, height: Double) {
      var (width, height) = (0.0, 0.0)
      guard unsafe rsvg_handle_get_intrinsic_size_in_pixels(handle, &width, &height) != 0,
        width > 0, height > 0
      else { throw PDFRenderingError(message: "the figure has no size") }
      return (width, height)
    }

    func render(
      on context: OpaquePointer?, size: (width: Double, height: Double)
    ) throws(PDFRenderingError) {
      var page = RsvgRectangle(x: 0, y: 0, width: size.width, height: size.height)
      var error: UnsafeMutablePointer<GError>?
      guard unsafe rsvg_handle_render_document(handle, context, &page, &error) != 0 else {
        throw unsafe PDFRenderingError(taking: error)
      }
    }
  }

  /// Why a figure could not become PDF.
  public struct PDFRenderingError: Error, Hashable, Sendable {
    /// What the library said, without a full stop.
    public let message: String

    fileprivate init(message: String) {
      self.message = message
    }

    /// The message of an error of GLib's, which is freed.
    fileprivate init(taking error: UnsafeMutablePointer<GError>?) {
      guard let error = unsafe error else {
        self.init(message: "the library did not say why")
        return
      }
      unsafe self.init(message: String(cString: error.pointee.message))
      unsafe g_error_free(error)
    }
  }
#endif
