from django.shortcuts import render

from .words import count_words


def page(request):
    text = request.POST.get("text", "")
    return render(request, "page.html", {"text": text, "rows": count_words(text)})
